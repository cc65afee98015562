"""Order lines of all files in one relation."""

import duckdb
import pytest

from customer_analytics.input.columns import TRANSACTION_COLUMNS
from customer_analytics.input.files import InputFile, kind_of
from customer_analytics.input.problems import InputError
from customer_analytics.input.settings import Settings
from customer_analytics.input.transactions import prepare_transactions

HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n"
LINE = "1,A,2,2011-01-01,1.5,7\n"


@pytest.fixture
def cursor():
    return duckdb.connect()


def prepare(cursor, *paths, **settings):
    files = [InputFile(str(path), kind_of(str(path))) for path in paths]
    settings = {"transactions_path": "given"} | settings
    return prepare_transactions(
        cursor, files, Settings(**settings), texts="texts", staging="staged"
    )


def problems_of(cursor, *paths, **settings):
    with pytest.raises(InputError) as caught:
        prepare(cursor, *paths, **settings)
    return caught.value.problems


def write(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    return tmp_path / name


def parquet(cursor, path, select):
    cursor.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path


TYPED = (
    "select '1' as InvoiceNo, 'A' as StockCode, 2 as Quantity, "
    "timestamp '2011-01-01 10:00' as InvoiceDate, 1.5::double as UnitPrice, "
    "7 as CustomerID"
)


def test_csv_files_with_different_spellings_come_together_as_text(tmp_path, cursor):
    one = write(tmp_path, "1.csv", HEADER + LINE)
    two = write(
        tmp_path,
        "2.csv",
        "CustomerID;InvoiceNo;StockCode;Quantity;InvoiceDate;UnitPrice;Country\n"
        " 8;2; B;03;2011-01-02;2.50;FR\n",
    )
    prepared = prepare(cursor, one, two)
    assert not prepared.is_view
    columns = ", ".join(TRANSACTION_COLUMNS)
    relation = cursor.sql(f"select {columns} from staged order by invoice")
    # fmt: off
    assert relation.fetchall() == [
        ("1", "A", None, "2", "2011-01-01", "1.5", *[None] * 3, "7", *[None] * 3),
        ("2", " B", None, "03", "2011-01-02", "2.50", *[None] * 3, " 8", "FR")
        + (None, None),
    ]
    # fmt: on
    assert [(read.path, read.row_count) for read in prepared.reads] == [
        (str(one), 1),
        (str(two), 1),
    ]
    assert prepared.reads[1].column_mapping.startswith("invoice=InvoiceNo, ")


def test_parquet_files_are_not_copied_and_keep_types(tmp_path, cursor):
    one = parquet(cursor, tmp_path / "1.parquet", TYPED)
    two = parquet(cursor, tmp_path / "2.parquet", f"from ({TYPED}), range(2)")
    three = parquet(
        cursor, tmp_path / "3.parquet", TYPED.replace("InvoiceNo", "Invoice")
    )
    prepared = prepare(cursor, one, two, three)
    assert prepared.is_view
    relation = cursor.sql(f"from {prepared.source}")
    assert tuple(relation.columns)[: len(TRANSACTION_COLUMNS)] == TRANSACTION_COLUMNS
    read = "read_invoice, read_stock_code, read_customer_id, read_quantity::double"
    assert relation.project(read).fetchall()[0] == ("1", "A", "7", 2)
    assert len(relation.fetchall()) == 4
    assert [read.row_count for read in prepared.reads] == [1, 2, 1]
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    assert (types["quantity"], types["unit_price"]) == ("INTEGER", "DOUBLE")
    assert types["country"] == "VARCHAR"


def test_relation(cursor):
    cursor.execute(f"create table shop as {TYPED}")
    prepared = prepare(cursor, transactions_relation="main.shop")
    assert len(cursor.sql(f"from {prepared.source}").fetchall()) == 1
    assert prepared.reads[0].kind == "relation"


def test_header_without_rows(tmp_path, cursor):
    path = write(tmp_path, "a.csv", HEADER)
    (problem,) = problems_of(cursor, path)
    assert problem.startswith(f"'{path}': a header but no rows.")
    assert "transactions_path" in problem


def test_a_month_without_orders_is_no_problem(tmp_path, cursor):
    one = write(tmp_path, "1.csv", HEADER)
    two = write(tmp_path, "2.csv", HEADER + LINE)
    assert [read.row_count for read in prepare(cursor, one, two).reads] == [0, 1]


def test_files_alike_share_one_problem(tmp_path, cursor):
    paths = [write(tmp_path, f"{i}.csv", "a,b\n1,2\n") for i in range(3)]
    (problem,) = problems_of(cursor, *paths)
    assert problem.startswith(f"'{paths[0]}' and 2 more: no column for invoice_date")


def test_duplicate_header_in_csv(tmp_path, cursor):
    header = HEADER.strip() + ",Quantity\n"
    path = write(tmp_path, "a.csv", header + LINE.strip() + ",2\n")
    (problem,) = problems_of(cursor, path)
    assert "2 columns could be quantity: 'Quantity', 'Quantity'" in problem


def test_duplicate_header_in_parquet(tmp_path, cursor):
    select = TYPED + ", 3 as quantity_"
    path = parquet(cursor, tmp_path / "a.parquet", select)
    (problem,) = problems_of(cursor, path)
    assert "2 columns could be quantity: 'Quantity', 'quantity_'" in problem


def test_problems_of_all_kinds_come_together(tmp_path, cursor):
    bad = write(tmp_path, "1.csv", HEADER + "1,2\n")
    good = write(tmp_path, "2.csv", HEADER + LINE.replace("1.5", "cheap"))
    broken = write(tmp_path, "3.parquet", "no")
    header = write(tmp_path, "4.csv", "a,b\nc,d\n")
    problems = problems_of(
        cursor, bad, good, broken, header, transaction_columns={"client": "x"}
    )
    assert len(problems) == 5
    for part in ("'client'", "Line: 2", "as Parquet", "no column for", "'cheap'"):
        assert any(part in problem for problem in problems)


def test_order_of_dates_is_recorded(tmp_path, cursor):
    path = write(tmp_path, "a.csv", HEADER + LINE.replace("2011-01-01", "31/1/2011"))
    prepared = prepare(cursor, path)
    assert prepared.reads[0].date_order == "day_first"
    read = cursor.sql(f"from {prepared.source}").project(
        "read_invoice_date::date::varchar"
    )
    assert read.fetchall() == [("2011-01-31",)]


def test_log_of_orders_without_products(tmp_path, cursor):
    path = write(tmp_path, "a.csv", "Who,When,CDs,Paid\n1,19970101,1,11.77\n")
    chosen = {"customer_id": "Who", "invoice_date": "When", "amount": "Paid"}
    prepare(cursor, path, transaction_columns=chosen)
    row = cursor.sql("select customer_id, invoice_date, amount, invoice from staged")
    assert row.fetchall() == [("1", "19970101", "11.77", None)]
