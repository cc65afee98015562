"""Customer attributes in long form."""

import duckdb
import pytest

from customer_analytics.input.attributes import prepare_attributes
from customer_analytics.input.files import InputFile, kind_of
from customer_analytics.input.problems import InputError


@pytest.fixture
def cursor():
    return duckdb.connect()


def prepare(cursor, *paths, chosen=None):
    files = [InputFile(str(path), kind_of(str(path))) for path in paths]
    reads = prepare_attributes(cursor, files, chosen or {}, staging="attributes")
    rows = cursor.sql(
        "select * exclude (valid_from, valid_to) from attributes order by all"
    )
    return reads, rows.fetchall()


def write(tmp_path, text, name="a.csv"):
    (tmp_path / name).write_text(text)
    return tmp_path / name


def problems_of(cursor, path):
    with pytest.raises(InputError) as caught:
        prepare(cursor, path)
    return caught.value.problems


def test_none(cursor):
    assert prepare(cursor) == ([], [])


def test_every_column_becomes_rows(tmp_path, cursor):
    path = write(
        tmp_path,
        "CustomerID,Gender,Annual Income (k$),Visits,Empty\n"
        "13085.0, F ,15,3,\n 13086,,16.5,many,\n",
    )
    reads, rows = prepare(cursor, path)
    assert rows == [
        ("13085", "annual_income", "15", 15.0),
        ("13085", "gender", "F", None),
        ("13085", "visits", "3", None),
        ("13086", "annual_income", "16.5", 16.5),
        ("13086", "visits", "many", None),
    ]
    assert reads[0].role == "customer_attributes"
    assert reads[0].row_count == 2
    assert reads[0].column_mapping.startswith("customer_id=CustomerID, gender=Gender")


def test_typed_file(tmp_path, cursor):
    path = tmp_path / "a.parquet"
    cursor.execute(
        f"copy (select 7.0::double as customer_id, 'nan'::double as a, 2 as b) "
        f"to '{path}'"
    )
    assert prepare(cursor, path)[1] == [("7", "b", "2", 2.0)]


def test_chosen_names(tmp_path, cursor):
    path = write(tmp_path, "Who,Sex\n1,F\n")
    chosen = {"customer_id": "Who", "gender": "Sex"}
    assert prepare(cursor, path, chosen=chosen)[1] == [("1", "gender", "F", None)]


def test_ids_repeated_or_blank(tmp_path, cursor):
    path = write(tmp_path, "customer_id,a\n1,x\n1.0,y\n2,\n ,z\n")
    blank, repeated = problems_of(cursor, path)
    assert "customer_attributes_path" in blank
    assert "blank in 1 row of 4" in blank
    assert "1 customer_id more than once, such as '1' (2 rows)" in repeated


def test_no_rows_no_id_and_encoding(tmp_path, cursor):
    assert "no rows" in problems_of(cursor, write(tmp_path, "customer_id,a\n"))[0]
    assert (
        "no column for customer_id" in problems_of(cursor, write(tmp_path, "a\n1\n"))[0]
    )
    path = tmp_path / "l.csv"
    path.write_bytes("customer_id,a\n1,é\n".encode("latin-1"))
    assert "{customer_attributes_encoding: cp1252}" in problems_of(cursor, path)[0]


def test_nothing_else_is_left_behind(tmp_path, cursor):
    prepare(cursor, write(tmp_path, "customer_id,a\n1,2\n"))
    tables = cursor.sql("select table_name from information_schema.tables").fetchall()
    assert tables == [("attributes",)]


def test_rows_hold_until_the_customers_next_one(tmp_path, cursor):
    path = write(
        tmp_path,
        "CustomerID,Valid From,Plan\n7,31/01/2024,silver\n7,,tin\n7,15/03/2024,\n"
        "8,31/01/2024,gold\n",
    )
    prepare(cursor, path)
    rows = cursor.sql(
        "select customer_id, value_text, valid_from::text, valid_to::text "
        "from attributes order by all"
    ).fetchall()
    # From 15 March on nothing is known of 7.
    assert rows == [
        ("7", "silver", "2024-01-31", "2024-03-15"),
        ("7", "tin", None, "2024-01-31"),
        ("8", "gold", "2024-01-31", None),
    ]


def test_dates_of_validity_are_checked(tmp_path, cursor):
    path = write(tmp_path, "customer_id,valid_from,a\n7,soon,1\n8,2024-01-01,2\n")
    (problem,) = problems_of(cursor, path)
    assert "valid_from: 1 value such as 'soon' cannot be read as a date" in problem
    path = write(tmp_path, "customer_id,valid_from,a\n7,2024-01-01,1\n7,20240101,2\n")
    (problem,) = problems_of(cursor, path)
    assert "'7' (2 rows)" in problem and "a column valid_from" in problem
    path = write(tmp_path, "customer_id,valid_from,a\n7,3/4/2024,1\n")
    assert "valid_from: 1 date such as '3/4/2024'" in problems_of(cursor, path)[0]
