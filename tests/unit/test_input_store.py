"""Keeping what was read."""

import os

import duckdb
import pytest

from customer_analytics.input.files import InputFile
from customer_analytics.input.settings import Settings
from customer_analytics.input.store import (
    Place,
    as_records,
    drop_staging,
    earlier_records,
    fingerprint,
    records_sql,
    staging_name,
    swap_in,
)
from customer_analytics.input.transactions import Prepared, Read

READ = Read("transactions", "it's.csv", None, "csv", 3, "invoice=No", "day_first")

STAGED = Prepared([READ], Place().table(staging_name("transactions")), False, [])


@pytest.fixture
def cursor():
    connection = duckdb.connect()
    connection.execute("create schema raw")
    return connection


def stage(cursor, value):
    for name in ("transactions", "customer_attributes", "customer_events"):
        cursor.execute(
            f"create table {Place().table(staging_name(name))} as "
            f"select {value} as invoice"
        )


def test_fingerprint_changes_with_file_and_settings(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a")
    file = InputFile(str(path), "csv")
    before = fingerprint(file, Settings())
    assert fingerprint(file, Settings()) == before
    assert fingerprint(file, Settings(max_unreadable_share=0.5)) != before
    os.utime(path, ns=(1, 1))
    touched = fingerprint(file, Settings())
    assert touched != before
    path.write_text("ab")
    os.utime(path, ns=(1, 1))
    assert fingerprint(file, Settings()) != touched


def test_records_are_literals_of_fixed_types(cursor):
    records = as_records([READ], {"it's.csv": "f"})
    relation = cursor.sql(records_sql(records))
    assert relation.fetchall() == [
        ("transactions", "it's.csv", None, "csv", 3, "invoice=No", "day_first", "f")
    ]
    assert str(relation.types[4]) == "BIGINT"
    assert str(relation.types[2]) == "VARCHAR"


def test_table_and_view_replace_each_other(cursor):
    place = Place()
    records = as_records([READ], {"it's.csv": "f"})
    for value, is_view in [(1, False), (2, True), (3, False)]:
        stage(cursor, value)
        source = f"(select {value} as invoice)" if is_view else STAGED.source
        swap_in(
            cursor, place, Prepared([READ], source, is_view, [f"note {value}"]), records
        )
        drop_staging(cursor, place)
        found = cursor.sql("from raw.transactions").fetchall()
        assert found == [(value,)]
        assert cursor.sql("from raw.input_notes").fetchall() == [(f"note {value}",)]
    names = cursor.sql(
        "select table_name from information_schema.tables order by 1"
    ).fetchall()
    assert [name for (name,) in names] == [
        *("customer_attributes", "customer_events", "input_notes", "input_reads"),
        "transactions",
    ]


def test_failed_swap_changes_nothing(cursor):
    place = Place()
    stage(cursor, 1)
    swap_in(cursor, place, STAGED, as_records([READ], {}))
    drop_staging(cursor, place)
    cursor.execute(
        f"create table {place.table(staging_name('transactions'))} as select 2 as a"
    )
    with pytest.raises(duckdb.Error):
        swap_in(cursor, place, STAGED, as_records([READ], {}))
    assert cursor.sql("from raw.transactions").fetchall() == [(1,)]
    assert cursor.sql("from raw.customer_attributes").fetchall() == [(1,)]


def test_earlier_records_only_for_the_same_files(cursor):
    place = Place()
    records = as_records([READ], {"it's.csv": "f"})
    assert earlier_records(cursor, place, {"f"}) is None
    stage(cursor, 1)
    swap_in(cursor, place, STAGED, records)
    assert earlier_records(cursor, place, {"f"}) == records
    assert earlier_records(cursor, place, {"f", "g"}) is None
    cursor.execute("drop table raw.transactions")
    assert earlier_records(cursor, place, {"f"}) is None
