"""The summary at the end of a build."""

import duckdb
import pytest

from customer_analytics.summary import build_summary

TABLES = """
    create schema marts;
    create table marts.reconciliation as
    select * from (values
        ('lines', 1234567.0000::decimal(38, 4), 1234560, 7), ('amount', 9, 9, 0)
    ) as t(check_name, raw, kept, excluded);
    create table marts.excluded_lines (exclusion_reason varchar);
    create table marts.customers (order_count int);
    create table marts.orders (
        is_fully_returned boolean, net_amount decimal(18, 4), ordered_date date
    );
"""
ROWS = """
    insert into marts.excluded_lines values
    ('unreadable'), ('exact_duplicate'), ('not_a_product'), ('exact_duplicate');
    insert into marts.customers values (0), (1), (2), (9);
    insert into marts.orders values
    (true, 0, '2011-01-05'), (false, 1999.6, '2011-03-01'), (false, 1, '2011-02-01');
"""


def summary(path, *statements):
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return build_summary(path).splitlines()


def test_summary_says_what_went_in_and_came_out(tmp_path):
    lines = summary(tmp_path / "published.duckdb", TABLES, ROWS)
    assert [line.split() for line in lines] == [
        ["lines", "read", "1,234,567"],
        ["kept", "1,234,560"],
        ["excluded", "7"],
        ["exact_duplicate", "2"],
        ["not_a_product", "1"],
        ["unreadable", "1"],
        ["customers", "4", "2", "with", "more", "than", "one", "order"],
        ["orders", "3", "1", "of", "them", "fully", "returned"],
        ["net", "amount", "2,001"],
        ["period", "2011-01-05", "to", "2011-03-01"],
    ]


@pytest.mark.parametrize("label", ["lines read", "  excluded", "    unreadable"])
def test_figures_stand_below_one_another(tmp_path, label):
    lines = summary(tmp_path / "published.duckdb", TABLES, ROWS)
    (line,) = [line for line in lines if line.startswith(label + " ")]
    assert len(line) == 28 if label != "    unreadable" else 36


def test_summary_of_no_orders(tmp_path):
    lines = summary(tmp_path / "published.duckdb", TABLES)
    assert "net amount                 0" in lines
