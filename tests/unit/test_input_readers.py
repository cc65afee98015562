"""Opening files."""

import csv
import datetime as dt
import gzip
import io

import duckdb
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from customer_analytics.input.files import InputFile, kind_of
from customer_analytics.input.problems import InputError
from customer_analytics.input.readers import open_file, open_relation, unreadable
from customer_analytics.input.text_files import likely_encoding


@pytest.fixture
def cursor():
    return duckdb.connect()


def opening(cursor, path, **options):
    return open_file(cursor, InputFile(str(path), kind_of(str(path))), **options)


def opened(cursor, path, **options):
    return list(opening(cursor, path, **options))


def rows(cursor, table):
    columns = ", ".join(table.columns)
    return cursor.execute(f"select {columns} from {table.source}").fetchall()


def problem_of(cursor, path, **options) -> str:
    try:
        for table in opening(cursor, path, **options):
            rows(cursor, table)
    except InputError as error:
        (problem,) = error.problems
    except duckdb.Error as error:
        file = InputFile(str(path), kind_of(str(path)))
        encoding = options.get("encoding", "utf-8")
        problem = unreadable(file, error, encoding, "transactions_path")
    else:
        pytest.fail("the file was read")
    assert problem.startswith(f"transactions_path: '{path}' ")
    return problem


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_any_delimiter_keeps_values_as_text(tmp_path, cursor, delimiter, end):
    path = tmp_path / "a b's [1].csv"
    text = f'A,A,"x ""y""\nz"{end}007,,"1, 2"{end}'.replace(",", delimiter)
    path.write_bytes(text.encode("utf-8-sig"))
    (table,) = opened(cursor, path)
    assert table.header == ("A", "A", 'x "y"\nz')
    assert rows(cursor, table) == [("007", None, f"1{delimiter} 2")]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp437"],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_csv_encodings(tmp_path, cursor, encoding, zipped):
    path = tmp_path / ("a.csv.gz" if zipped else "a.csv")
    content = "Größe\né\n".encode(encoding)
    path.write_bytes(gzip.compress(content) if zipped else content)
    for table in opening(cursor, path, encoding=encoding):
        assert table.header == ("Größe",)
        assert rows(cursor, table) == [("é",)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed_before_the_setting(tmp_path, cursor, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("Größe\né\n".encode(encoding))
    for table in opening(cursor, path, encoding="latin-1"):
        assert (table.header, rows(cursor, table)) == (("Größe",), [("é",)])


@given(
    text=st.text(st.characters(codec="cp1252", exclude_categories=["Cc"])),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    zipped=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_in_any_form_is_read_back(
    tmp_path_factory, text, delimiter, encoding, zipped, end
):
    path = tmp_path_factory.mktemp("csv") / ("a.csv.gz" if zipped else "a.csv")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerows([["Größe", "b", "c"], ["1", text, "2"]])
    content = buffer.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(content) if zipped else content)
    cursor = duckdb.connect()
    for table in opening(cursor, path, encoding=encoding):
        assert table.header == ("Größe", "b", "c")
        # DuckDB reads no text as null.
        assert rows(cursor, table) == [("1", text or None, "2")]


@pytest.mark.parametrize(
    "content", ["Größe,Menge\n1,2\n", "size\n1\né\n", "Preis\n5 €\n“x”\n"]
)
def test_csv_not_in_utf8_names_the_likely_encoding(tmp_path, cursor, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode("cp1252"))
    problem = problem_of(cursor, path)
    assert "is not encoded in utf-8" in problem
    assert "--vars '{transactions_encoding: cp1252}'" in problem


def test_the_likely_encoding_is_not_always_western(tmp_path):
    path = tmp_path / "a.csv"
    text = "Наименование,Количество\nЧашка с блюдцем из фарфора,2\nЧайник большой,3\n"
    path.write_bytes((text * 20).encode("cp1251"))
    assert likely_encoding(str(path)) in ("cp1251", "cp1252")
    path.write_bytes((text * 20).encode("koi8-r"))
    assert likely_encoding(str(path)).startswith("koi8")


def test_csv_not_in_the_encoding_that_was_set(tmp_path, cursor):
    path = tmp_path / "a.csv"
    path.write_bytes("a\n1 €\n".encode("cp1252"))
    problem = problem_of(cursor, path, encoding="ascii")
    assert "is not encoded in ascii" in problem
    assert "looks like cp1252" in problem


def test_a_wrong_checksum_is_no_file(tmp_path, cursor):
    path = tmp_path / "a.csv.gz"
    content = bytearray(gzip.compress(b"a,b\n1,2\n"))
    content[-8] ^= 1
    path.write_bytes(content)
    assert "cannot be read as CSV: CRC check failed" in problem_of(cursor, path)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("1,2,3", "Expected Number of Columns: 2 Found: 3"),
        ('1,"2', "unterminated quote"),
    ],
)
def test_malformed_csv_tells_the_line(tmp_path, cursor, line, what):
    path = tmp_path / "a.csv"
    path.write_text(f"a,b\n1,2\n{line}\n1,2\n")
    problem = problem_of(cursor, path)
    assert "cannot be read as CSV" in problem
    assert "CSV Error on Line: 3" in problem
    assert what in problem


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", gzip.compress(b"a,b\n" * 99)[:20]])
def test_corrupt_gz(tmp_path, cursor, content):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content)
    assert "cannot be read as CSV" in problem_of(cursor, path)


@pytest.mark.parametrize("content", ["a,b\r\n1,2\n3,4\n", "a,b\n1,2\r\n3,4\r\n"])
def test_mixed_line_ends(tmp_path, cursor, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode())
    assert "lines do not all end in the same way" in problem_of(cursor, path)


def test_line_ends_of_old_macs(tmp_path, cursor):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\r1,2\r3,4\r")
    (table,) = opened(cursor, path)
    assert rows(cursor, table) == [("1", "2"), ("3", "4")]


def test_header_below_a_title(tmp_path, cursor):
    path = tmp_path / "a.csv"
    path.write_text('Orders of 2024\n\n"of\nall",shops\na,b\n1,2\n')
    for table in opening(cursor, path, fits=lambda header: header == ("a", "b")):
        assert (table.header, rows(cursor, table)) == (("a", "b"), [("1", "2")])


def test_file_without_a_header(tmp_path, cursor):
    path = tmp_path / "a.csv"
    path.write_text("1,2\n3,4\n")
    for table in opening(cursor, path, has_header=False):
        assert table.header == ("column 1", "column 2")
        assert rows(cursor, table) == [("1", "2"), ("3", "4")]


def test_one_basket_per_line_is_told(tmp_path, cursor):
    path = tmp_path / "a.csv"
    path.write_text("soup,bread,fruit\nmilk\ntea,cake\nsalt,oil,rice,fish\n")
    problem = problem_of(cursor, path, fits=lambda header: False)
    assert "one basket per line (lines of 1, 2, 3, 4 items)" in problem
    assert "customer-analytics unfold" in problem


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx"])
def test_not_what_the_name_says(tmp_path, cursor, name):
    path = tmp_path / name
    path.write_text("a,b\n1,2\n")
    kind = name.split(".")[1].upper()
    assert f"cannot be read as {kind}" in problem_of(cursor, path).replace(
        "Parquet", "PARQUET"
    )


def test_parquet_of_any_name_and_header(tmp_path, cursor):
    path = tmp_path / "it's [x].parquet"
    quoted = str(path).replace("'", "''")
    columns = '1 as "A ""b""", 2.5::double as c'
    cursor.execute(f"copy (select {columns}) to '{quoted}'")
    (table,) = opened(cursor, path)
    assert table.header == ('A "b"', "c")
    assert table.types == ("INTEGER", "DOUBLE")
    assert table.row_count == 1
    assert rows(cursor, table) == [(1, 2.5)]


def write_workbook(path):
    with xlsxwriter.Workbook(path) as book:
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for name in ("2010", "2011"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Code", "At", "Price", "Id", "Price", "Price_1"])
            sheet.write_row(1, 0, [85048, "", 2.55, 13085, 0.1 + 0.2, 1e-5])
            sheet.write_row(2, 0, ["79323P", "", 12345678.91, None, 1e15, -3])
            sheet.write_datetime(1, 1, dt.datetime(2010, 12, 1, 8, 26), moment)
            sheet.write_datetime(2, 1, dt.datetime(2010, 12, 1, 23, 59, 59), moment)
        book.add_worksheet("empty")


def test_workbook_gives_every_filled_sheet_exactly(tmp_path, cursor):
    write_workbook(tmp_path / "a.xlsx")
    names = []
    for table in open_file(cursor, InputFile(str(tmp_path / "a.xlsx"), "xlsx")):
        names.append(table.sheet)
        assert table.header == ("Code", "At", "Price", "Id", "Price", "Price_1")
        assert table.row_count == 2
        assert rows(cursor, table) == [
            ("85048", "2010-12-01 08:26:00", "2.55", "13085", "0.3", "0.00001"),
            (
                "79323P",
                "2010-12-01 23:59:59",
                "12345678.91",
                None,
                "1000000000000000",
                "-3",
            ),
        ]
    assert names == ["2010", "2011"]


def test_every_minute_of_a_day_survives_excel(tmp_path, cursor):
    moments = [
        dt.datetime(2011, 2, 28) + dt.timedelta(minutes=minute)
        for minute in range(1440)
    ]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "at")
        shape = book.add_format({"num_format": "m/d/yy h:mm"})
        for row, moment in enumerate(moments, 1):
            sheet.write_datetime(row, 0, moment, shape)
    for table in open_file(cursor, InputFile(str(tmp_path / "a.xlsx"), "xlsx")):
        assert rows(cursor, table) == [(str(moment),) for moment in moments]


def test_relation_with_odd_names(cursor):
    cursor.execute('create schema "my.s"')
    cursor.execute('create table "my.s"."T 1" as select 1 as "a""b"')
    table = open_relation(cursor, '"my.s"."T 1"')
    assert (table.header, table.types, table.row_count) == (('a"b',), ("INTEGER",), 1)
    assert rows(cursor, table) == [(1,)]


def test_no_such_relation(cursor):
    with pytest.raises(InputError, match="transactions_relation: 'main.nope' cannot"):
        open_relation(cursor, "main.nope")
