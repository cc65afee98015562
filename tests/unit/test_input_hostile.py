"""A good log, spoiled in hundreds of ways: read to its last line, or refused."""

import random

import duckdb
import pytest

from customer_analytics.input import InputError, prepare_input

HEADER = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price"]
HEADER += ["Customer ID", "Country"]
NASTY = [
    *("", " ", "\t", "nan", "NULL", "None", "inf", "-inf", "0", "-0", "-1", "1e308"),
    *("9" * 40, "1,5", "1.5.5", "£", "€ 3", "(4)", "5-", "12:30", "31/31/2011"),
    *("2011-02-30", "0000-00-00", "9999-12-31", "infinity", "epoch", "now", "=1+1"),
    *(
        "'; drop table raw.transactions; --",
        '"',
        "'",
        "\\",
        "\\N",
        "%s",
        "{{ x }}",
    ),
    *("a" * 5000, "\u200b", "\ufeff", "é", "e\u0301", "🛒", "\u202e", "Ω", "nil"),
    *("5.84272E+12", "1_000", "0x1F", "true", "2011-13-01", "01-Foo-12", "Jan 2"),
]


def good_rows(count: int = 200) -> list[list[str]]:
    return [
        [f"{i // 3}", f"P{i % 7}", "CUP", "2", f"2011-01-{i % 28 + 1:02} 10:00", "1.5"]
        + [f"{i % 11}", "France"]
        for i in range(count)
    ]


def written(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    def cell(text: str) -> str:
        quoted = any(mark in text for mark in f'{delimiter}"\n\r')
        return '"' + text.replace('"', '""') + '"' if quoted else text

    return end.join(delimiter.join(map(cell, row)) for row in rows) + end


def spoiled(seed: int) -> tuple[bytes, int | None]:
    """Return a file, and how many lines it has (None: it may be torn in any way)."""
    chance = random.Random(seed)
    rows = [list(HEADER), *good_rows()]
    kind = seed % 12
    count: int | None = len(rows) - 1
    delimiter, end, encoding = ",", "\n", "utf-8"
    if kind == 0:  # One cell of each of some rows.
        for row in chance.sample(rows[1:], chance.choice([1, 2, 50])):
            row[chance.randrange(len(HEADER))] = chance.choice(NASTY)
    elif kind == 1:  # A whole column.
        column, value = chance.randrange(len(HEADER)), chance.choice(NASTY)
        for row in rows[1:]:
            row[column] = value
    elif kind == 2:  # A column that is gone.
        column = chance.randrange(len(HEADER))
        rows = [row[:column] + row[column + 1 :] for row in rows]
    elif kind == 3:  # A header of another name.
        rows[0][chance.randrange(len(HEADER))] = chance.choice(NASTY)
    elif kind == 4:  # A column twice.
        column = chance.randrange(len(HEADER))
        rows = [[*row, row[column]] for row in rows]
    elif kind == 5:  # Another form of the file.
        delimiter, end = chance.choice(",;\t|"), chance.choice(["\n", "\r\n", "\r"])
        encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    elif kind == 6:  # Columns in another order.
        order = chance.sample(range(len(HEADER)), len(HEADER))
        rows = [[row[i] for i in order] for row in rows]
    elif kind == 7:  # Rows in another order, and some of them twice.
        body = rows[1:] + chance.sample(rows[1:], 20)
        chance.shuffle(body)
        rows, count = [rows[0], *body], len(body)
    elif kind == 8:  # A row too short or too long.
        row = chance.choice(rows[1:])
        row[:] = row[: chance.randrange(1, 8)] if chance.random() < 0.5 else [*row, "x"]
        count = None
    elif kind == 9:  # A title above, blank lines below.
        rows = [["Orders of the year"], *([[]] * chance.randrange(3)), *rows]
        count = None if len(rows) > 202 + 2 else count
    elif kind == 10:  # All values of one column are nasty in their own ways.
        column = chance.randrange(len(HEADER))
        for row in rows[1:]:
            row[column] = chance.choice(NASTY)
    content = written(rows, delimiter, end).encode(encoding)
    if kind == 11:  # Bytes that are torn.
        cut = chance.randrange(len(content))
        content = chance.choice(
            [content[:cut], content[:cut] + b"\x00" + content[cut:], content[cut:]]
        )
        count = None
    return content, count


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Return a database with a good log in it, and the path of the log."""
    path = tmp_path_factory.mktemp("hostile") / "orders.csv"
    return duckdb.connect(), path


@pytest.mark.parametrize("seed", range(240))
def test_read_to_the_last_line_or_refused_in_words(shop, seed):
    cursor, path = shop
    meta = {"transactions_path": str(path), "customer_attributes_path": ""}
    meta["guest_customer_ids"] = ["0", "guest"]
    path.write_text(written([HEADER, *good_rows()]))
    prepare_input(cursor, meta)
    before = cursor.execute("from raw.transactions order by all").fetchall()
    content, count = spoiled(seed)
    path.write_bytes(content)
    try:
        prepare_input(cursor, meta)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            # A sentence or more, that says where, and what to do.
            assert len(problem) > 40 and problem.rstrip().endswith((".", "'", ")")), (
                problem
            )
        after = cursor.execute("from raw.transactions order by all").fetchall()
        assert after == before
        return
    ((lines, dates, customers),) = cursor.execute(
        "select count(*), count(read_invoice_date), count(read_customer_id) "
        "from raw.transactions"
    ).fetchall()
    assert count is None or lines == count
    # What is unreadable is little, unless a whole kind of column is not there.
    assert dates >= 0.99 * lines
    assert customers <= lines
