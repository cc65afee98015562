"""What is different from the last publication, in a file of a few tables."""

import duckdb
import pytest

from customer_analytics.comparison import COLUMNS, write_comparison

TABLES = """
create schema {db}.marts; create schema {db}.evidence; create schema {db}.reference;
create table {db}.marts.data_span as select date '{day}' as as_of_date;
create table {db}.marts.orders as
    select unnest(range({orders})) as order_id, 10 as net_amount;
create table {db}.marts.customer_rfm as
    select * from (values ('a', '{of_a}'), ('b', 'Lost'), ('{third}', 'Lost'))
    as customers (customer_id, rfm_segment);
create table {db}.evidence.lifetime_value_totals as
    select 90 as horizon_days, {forecast} as predicted_amount, '{model}' as model;
"""
FIRST = {"day": "2024-01-01", "orders": 100, "of_a": "Champions", "third": "c"} | {
    "forecast": 500.0,
    "model": "mbg_nbd",
}
SECOND = (
    FIRST
    | {"day": "2024-02-01", "orders": 110, "of_a": "Lost", "third": "d"}
    | {
        "forecast": 550.0,
        "model": "xgboost",
    }
)


def published(path, facts, last):
    """Write a publication that is compared with the last one; return its rows."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as new")
        connection.execute(TABLES.format(db="new", **facts))
        write_comparison(connection, "new", last)
        found = connection.sql(
            "from new.evidence.build_comparison order by area, topic, measure"
        )
        assert found.columns == list(COLUMNS)
        return {
            (area, topic, measure): tuple(values)
            for area, topic, measure, _, *values in found.fetchall()
        }


def test_first_publication_has_nothing_before_it(tmp_path):
    rows = published(tmp_path / "a", FIRST, tmp_path / "none")
    assert rows["data", "", "orders"][:2] == (None, 100)
    # Tables that an area would have are not missed.
    assert ("data", "", "products") not in rows
    assert {row[4] for row in rows.values()} == {None}


def test_both_values_models_and_dates_stand_side_by_side(tmp_path):
    published(tmp_path / "a", FIRST, tmp_path / "none")
    rows = published(tmp_path / "b", SECOND, tmp_path / "a")
    assert rows["data", "", "orders"][:2] == (100, 110)
    forecast = rows["totals", "", "forecast of the next 90 days"]
    assert forecast[:4] == (500, 550, "mbg_nbd", "xgboost")
    assert [f"{day}" for day in forecast[4:]] == ["2024-01-01", "2024-02-01"]
    assert rows["segments", "RFM rules", "Champions"][:2] == (1, None)
    assert rows["segments", "RFM rules", "Lost"][:2] == (2, 3)
    # Of a and b, whom both know; nobody knows whether c has become d.
    assert rows["segments", "RFM rules", "moved to another group"][:2] == (None, 1)


def test_a_build_that_is_published_again_keeps_what_it_was_compared_with(tmp_path):
    published(tmp_path / "a", FIRST, tmp_path / "none")
    rows = published(tmp_path / "b", SECOND, tmp_path / "a")
    assert published(tmp_path / "c", SECOND, tmp_path / "b") == rows


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_last_file_that_cannot_be_read_is_none(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    rows = published(tmp_path / "b", FIRST, tmp_path / "a")
    assert rows["data", "", "orders"][:2] == (None, 100)


def test_a_last_file_of_another_version_lacks_what_it_lacks(tmp_path):
    with duckdb.connect(str(tmp_path / "a")) as connection:
        connection.execute("create schema marts; create table marts.orders (x int)")
    rows = published(tmp_path / "b", FIRST, tmp_path / "a")
    assert rows["data", "", "orders"][:2] == (0, 100)
    assert rows["totals", "", "net amount of all orders"][:2] == (None, 1000)
