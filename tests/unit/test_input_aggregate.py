"""Counts over order lines."""

import duckdb
import pytest

from customer_analytics.input.aggregate import aggregate
from customer_analytics.input.reading import (
    Forms,
    Lines,
    kind_of_type,
    with_read_columns,
)
from customer_analytics.input.settings import Settings


@pytest.mark.parametrize(
    ("duckdb_type", "kind"),
    [
        ("VARCHAR", "text"),
        ("ENUM('a')", "text"),
        ("DECIMAL(18,4)", "number"),
        ("UBIGINT", "number"),
        ("TIMESTAMP WITH TIME ZONE", "date"),
        ("DATE", "date"),
        ("BOOLEAN", "other"),
        ("INTEGER[]", "other"),
        ("BLOB", "other"),
    ],
)
def test_kind_of_type(duckdb_type, kind):
    assert kind_of_type(duckdb_type) == kind


def test_counts_by_hand():
    cursor = duckdb.connect()
    cursor.execute("""
        create table t as select * from (values
            ('2011-01-01', ' 2 ', '1.5', 'a'),
            ('2011-01-01', '2', '£1.5', 'a'),
            ('1980-01-01', '2', '1.5', 'a'),
            ('soon', '-2', '1.5', 'a'),
            ('2011-01-02', 'two', '0', ''),
            ('2011-01-02', '1', '1', ''),
            (null, ' ', null, null)
        ) v(invoice_date, quantity, unit_price, customer_id)""")
    names = ("invoice_date", "quantity", "unit_price", "customer_id")
    lines = Lines(
        "t",
        {name: name for name in names},
        dict.fromkeys(names, "VARCHAR"),
    )
    lines = with_read_columns(lines, Forms(), Settings())
    found = aggregate(cursor, lines, Settings())
    expected = {
        "lines": 7,
        "valid": 2,
        "known": 1,
        "undated": 2,
        "too_early": 1,
        "too_late": 0,
        "no_quantity": 3,
        "no_unit_price": 3,
        "invoice_date_filled": 6,
        "invoice_date_unreadable": 1,
        "invoice_date_example": "soon",
        "quantity_filled": 6,
        "quantity_unreadable": 1,
        "quantity_example": "two",
        "unit_price_filled": 6,
        "unit_price_unreadable": 1,
        "unit_price_example": "£1.5",
        "misses_quantity": 2,
        "misses_unit_price": 2,
    }
    assert {name: found[name] for name in expected} == expected
