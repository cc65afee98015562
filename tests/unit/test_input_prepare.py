"""The whole of reading and checking, and what is told of it."""

import json
import os

import duckdb
import pytest
import xlsxwriter

from customer_analytics.input import InputError, input_findings, prepare_input
from customer_analytics.input.store import Place

HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n"
LINE = "1,A,2,2011-01-01,1.5,7\n"


@pytest.fixture
def cursor(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text(HEADER + LINE)
    return duckdb.connect()


def run(cursor, **meta):
    return cursor.sql(
        prepare_input(cursor, {"transactions_path": "orders.csv"} | meta)
    ).fetchall()


def tables(cursor):
    return {
        name: cursor.sql(f"from raw.{name}").fetchall()
        for name in ("transactions", "customer_attributes", "input_reads")
    }


def test_tables(cursor):
    (record,) = run(cursor, customer_attributes_path="auto")
    assert record[:5] == ("transactions", "orders.csv", None, "csv", 1)
    assert cursor.sql("from raw.transactions").columns[-1] == "read_unit_cost"
    assert cursor.sql("from raw.input_notes").fetchall() == []
    assert tables(cursor)["customer_attributes"] == []
    assert tables(cursor)["input_reads"] == [record]


def test_attributes_beside_the_orders_are_not_taken_for_orders(cursor, tmp_path):
    (tmp_path / "customer_attributes.csv").write_text("CustomerID,Age\n7,30\n")
    meta = {"transactions_path": "*.csv", "customer_attributes_path": "auto"}
    records = run(cursor, **meta)
    assert [record[:2] for record in records] == [
        ("transactions", "orders.csv"),
        ("customer_attributes", "customer_attributes.csv"),
    ]
    assert tables(cursor)["customer_attributes"] == [
        ("7", "age", "30", 30.0, None, None)
    ]


@pytest.fixture
def people(cursor, tmp_path):
    """Return the settings of attributes without orders."""
    (tmp_path / "people.csv").write_text("CustomerID,Age\n7,30\n8,\n")
    return {"transactions_path": "", "customer_attributes_path": "people.csv"}


def test_attributes_alone_leave_the_orders_empty(cursor, people):
    run(cursor)
    usual = cursor.sql("from raw.transactions")
    usual = list(zip(usual.columns, map(str, usual.types), strict=True))
    (record,) = run(cursor, **people)
    assert record[:5] == ("customer_attributes", "people.csv", None, "csv", 2)
    empty = cursor.sql("from raw.transactions")
    assert list(zip(empty.columns, map(str, empty.types), strict=True)) == usual
    assert tables(cursor) == {
        "transactions": [],
        "customer_attributes": [("7", "age", "30", 30.0, None, None)],
        "input_reads": [record],
    }


def test_attributes_alone_are_not_read_again(cursor, people):
    first = run(cursor, **people)
    cursor.execute("update raw.customer_attributes set value_text = 'kept'")
    assert run(cursor, **people) == first
    assert tables(cursor)["customer_attributes"][0][2] == "kept"


def test_an_order_log_and_none_replace_each_other(cursor, people):
    cursor.execute("copy (from read_csv('orders.csv')) to 'orders.parquet'")
    for path, count in [("orders.parquet", 1), ("", 0), ("orders.csv", 1), ("", 0)]:
        run(cursor, **people | {"transactions_path": path})
        assert len(tables(cursor)["transactions"]) == count
        assert len(tables(cursor)["customer_attributes"]) == 1


def test_attributes_are_not_looked_for_without_orders(cursor, tmp_path):
    (tmp_path / "customer_attributes.csv").write_text("CustomerID,Age\n7,30\n")
    with pytest.raises(InputError) as caught:
        run(cursor, transactions_path="", customer_attributes_path="auto")
    (problem,) = caught.value.problems
    assert "transactions_path: it is empty" in problem


@pytest.mark.parametrize(
    ("content", "told"), [(None, "no file matches"), ("CustomerID,Age\n", "no rows")]
)
def test_wrong_attributes_without_orders_are_refused(
    cursor, people, tmp_path, content, told
):
    run(cursor)
    before = tables(cursor)
    (tmp_path / "people.csv").unlink()
    if content:
        (tmp_path / "people.csv").write_text(content)
    with pytest.raises(InputError, match=told) as caught:
        run(cursor, **people)
    assert len(caught.value.problems) == 1
    assert tables(cursor) == before


def test_same_files_are_not_read_again(cursor, tmp_path):
    first = run(cursor)
    cursor.execute("update raw.transactions set invoice = 'kept'")
    assert run(cursor) == first
    assert tables(cursor)["transactions"][0][0] == "kept"
    run(cursor, max_unreadable_share=0.5)
    assert tables(cursor)["transactions"][0][0] == "1"
    cursor.execute("update raw.transactions set invoice = 'kept'")
    os.utime(tmp_path / "orders.csv", ns=(1, 1))
    run(cursor, max_unreadable_share=0.5)
    assert tables(cursor)["transactions"][0][0] == "1"


def test_a_new_file_of_the_glob_is_read(cursor, tmp_path):
    assert len(run(cursor, transactions_path="*.csv")) == 1
    (tmp_path / "orders2.csv").write_text(HEADER + LINE)
    assert len(run(cursor, transactions_path="*.csv")) == 2


def test_failed_check_leaves_everything_as_it_was(cursor, tmp_path):
    run(cursor)
    before = tables(cursor)
    (tmp_path / "orders.csv").write_text(HEADER + LINE.replace("1.5", "cheap"))
    (tmp_path / "attributes.csv").write_text("CustomerID,Age\n7,1\n7,2\n")
    with pytest.raises(InputError) as caught:
        run(cursor, customer_attributes_path="attributes.csv")
    assert len(caught.value.problems) == 2
    assert tables(cursor) == before
    names = cursor.sql("select count(*) from information_schema.tables").fetchall()
    assert names == [(5,)]


def test_both_inputs_missing_are_told_at_once(cursor):
    with pytest.raises(InputError) as caught:
        run(cursor, transactions_path="a.csv", customer_attributes_path="b.csv")
    assert {problem.split(":")[0] for problem in caught.value.problems} == {
        "transactions_path",
        "customer_attributes_path",
    }


def test_wrong_setting_and_missing_file_are_told_at_once(cursor):
    with pytest.raises(InputError) as caught:
        run(cursor, transactions_path="a.csv", as_of_date="today")
    first, second = caught.value.problems
    assert first.startswith("as_of_date: 'today'")
    assert second.startswith("transactions_path: no file matches 'a.csv'")


def test_damaged_parquet_behind_a_whole_footer(cursor, tmp_path):
    path = tmp_path / "a.parquet"
    cursor.execute(
        "copy (select i::varchar invoice, 'A' stock_code, 1 quantity, "
        "date '2011-01-01' + i::int invoice_date, i + 0.5 unit_price, 7 customer_id "
        f"from range(9000) r(i)) to '{path}'"
    )
    content = bytearray(path.read_bytes())
    content[4:-4000] = bytes(len(content) - 4004)
    path.write_bytes(content)
    with pytest.raises(InputError, match="'a.parquet' cannot be read as Parquet"):
        run(cursor, transactions_path="a.parquet")


def test_relation_is_always_checked_again(cursor):
    cursor.execute(
        "create table shop as select '1' invoice, 'A' stock_code, 1 quantity, "
        "date '2011-01-01' invoice_date, 1 unit_price, 7 customer_id"
    )
    assert run(cursor, transactions_relation="main.shop")[0][3:5] == ("relation", 1)
    cursor.execute("update shop set quantity = -1")
    with pytest.raises(InputError, match="none of the 1 line is"):
        run(cursor, transactions_relation="main.shop")


@pytest.mark.parametrize("name", ["raw.transactions", "memory.raw.Transactions"])
def test_relation_that_is_the_target(cursor, name):
    run(cursor)
    before = tables(cursor)
    with pytest.raises(InputError, match="is where the input is put"):
        prepare_input(cursor, {"transactions_relation": name}, Place(database="memory"))
    assert tables(cursor) == before


def test_view_does_not_depend_on_the_working_directory(cursor, tmp_path, monkeypatch):
    cursor.execute("copy (from read_csv('orders.csv')) to 'o [1] it''s.parquet'")
    run(cursor, transactions_path="o [1] it's.parquet")
    monkeypatch.chdir(tmp_path.parent)
    assert len(tables(cursor)["transactions"]) == 1


def found(cursor, place, **meta):
    rows = cursor.sql(input_findings(cursor, meta, place))
    return rows.columns, rows.fetchall()


def test_findings_are_the_files_or_all_problems(cursor):
    place = Place.beside("input_findings", "raw", "memory")
    columns, files = found(cursor, place, transactions_path="orders.csv")
    assert [row[:3] for row in files] == [(1, None, "transactions")]
    assert json.loads(files[0][-1]) == {"transactions_path": "orders.csv"}
    assert [row[2:-1] for row in files] == tables(cursor)["input_reads"]
    before = tables(cursor)
    meta = {"transactions_path": "it's.csv", "customer_attributes_path": "nope.csv"}
    same_columns, problems = found(cursor, place, **meta)
    assert same_columns == columns
    assert [(number, text.split(":")[0]) for number, text, *_ in problems] == [
        (1, "customer_attributes_path"),
        (2, "transactions_path"),
    ]
    assert {value for row in problems for value in row[2:-1]} == {None}
    assert tables(cursor) == before


def test_tables_lie_beside_the_findings(cursor):
    cursor.execute("create schema dev; create table dev.transactions as select 1 as a")
    place = Place.beside("shop_input_findings", "dev", "memory")
    found(cursor, place, transactions_path="orders.csv")
    names = cursor.sql(
        "select table_name from information_schema.tables where table_schema = 'dev' "
        "order by 1"
    ).fetchall()
    assert [name for (name,) in names] == [
        *("shop_input_customer_attributes", "shop_input_customer_events"),
        *("shop_input_notes", "shop_input_reads", "shop_input_transactions"),
        "transactions",
    ]
    assert cursor.sql("from dev.transactions").fetchall() == [(1,)]


def test_a_table_of_somebody_else_stays(cursor):
    cursor.execute("create schema raw; create table raw.transactions as select 1 as a")
    with pytest.raises(InputError, match="'raw.transactions' is there .*prefix"):
        run(cursor)
    assert cursor.sql("from raw.transactions").fetchall() == [(1,)]


def test_a_workbook_of_a_spreadsheets_own_habits(cursor, tmp_path):
    # A title above the header, days as numbers, and a sheet of notes beside the data.
    with xlsxwriter.Workbook(tmp_path / "orders.xlsx") as book:
        sheet = book.add_worksheet("2011")
        sheet.write_row(0, 0, ["Orders of the year"])
        sheet.write_row(
            2, 0, ["Order ID", "SKU", "Qty", "Order Date", "Price", "Client"]
        )
        sheet.write_row(3, 0, [1, "A", 2, 40544, 1.5, 7])
        sheet.write_row(4, 0, [2, "B", 1, 40545.5, 2.5, 8])
        notes = book.add_worksheet("notes")
        notes.write_row(0, 0, ["To do", "Who"])
        notes.write_row(1, 0, ["ask for the other shop", "Jo"])
    run(cursor, transactions_path="orders.xlsx")
    rows = cursor.sql(
        "select read_invoice, read_quantity::double, read_invoice_date::varchar, "
        "read_customer_id from raw.transactions order by 1"
    )
    assert rows.fetchall() == [
        ("1", 2.0, "2011-01-01 00:00:00", "7"),
        ("2", 1.0, "2011-01-02 12:00:00", "8"),
    ]
    ((note,),) = cursor.sql("from raw.input_notes").fetchall()
    assert "sheet 'notes' has no order lines and was left out" in note
    run(cursor, transactions_path="orders.xlsx", transactions_sheets=["2011"])
    assert cursor.sql("from raw.input_notes").fetchall() == []
    with pytest.raises(InputError) as caught:
        run(cursor, transactions_path="orders.xlsx", transactions_sheets=["2012"])
    (problem,) = caught.value.problems
    assert "has no sheet '2012'. It has '2011', 'notes'" in problem


def test_attributes_of_few_customers_are_noted(cursor, tmp_path):
    lines = "".join(LINE.replace(",7", f",{customer}") for customer in range(1, 6))
    (tmp_path / "orders.csv").write_text(HEADER + lines)
    people = tmp_path / "people.csv"
    people.write_text("CustomerID,Age\n1,30\n2,40\n99,50\n")
    run(cursor, customer_attributes_path="people.csv")
    ((note,),) = cursor.sql("from raw.input_notes").fetchall()
    assert note.startswith("attributes are known of 2 of 5 customers with orders: ")
    people.write_text("CustomerID,Age\n1,30\n2,40\n3.0,50\n")
    run(cursor, customer_attributes_path="people.csv")
    assert cursor.sql("from raw.input_notes").fetchall() == []


def test_a_relation_is_told_from_another_by_its_rows(cursor):
    cursor.execute(
        "create table shop as select '1' as invoice, 'A' as stock_code, "
        "2 as quantity, date '2011-01-01' as invoice_date, 1.5 as unit_price, "
        "7 as customer_id"
    )
    meta = {"transactions_path": "", "transactions_relation": "main.shop"}
    first = run(cursor, **meta)[0][-1]
    assert run(cursor, **meta)[0][-1] == first is not None
    cursor.execute("update shop set quantity = 3")
    assert run(cursor, **meta)[0][-1] != first
