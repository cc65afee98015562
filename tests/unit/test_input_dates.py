"""Dates as text."""

import datetime as dt

import duckdb
import pytest

from customer_analytics.input.dates import (
    DateProfile,
    decide_order,
    profile_dates,
    timestamp_sql,
)
from customer_analytics.input.sql import literal

NOON = dt.datetime(2011, 12, 9, 12, 50)
DAY = dt.datetime(2011, 12, 9)


def read(text: str, order: str | None) -> dt.datetime | None:
    return duckdb.sql(f"select {timestamp_sql(literal(text), order)}").fetchall()[0][0]


def profile(*values: str) -> DateProfile:
    cursor = duckdb.connect()
    cursor.execute("create table t (d varchar)")
    cursor.executemany("insert into t values (?)", [[value] for value in values])
    return profile_dates(cursor, "t", "d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2011-12-09", DAY),
        ("2011-12-9", DAY),
        ("2011-12-09 12:50", NOON),
        ("2011-12-09T12:50:00", NOON),
        ("2011-12-09T12:50:00Z", NOON),
        ("2011-12-09T13:50:00.000+01:00", NOON),
        ("20111209", DAY),
    ],
)
@pytest.mark.parametrize("order", [None, "day_first", "month_first"])
def test_dates_that_need_no_order(text, expected, order):
    assert read(text, order) == expected


@pytest.mark.parametrize(
    ("day_first", "month_first", "expected"),
    [
        ("9/12/2011", "12/9/2011", DAY),
        ("09.12.2011", "12.09.2011", DAY),
        ("9-12-2011 12:50", "12-9-2011 12:50", NOON),
        ("09/12/2011 12:50:00", "12/09/2011 12:50:00", NOON),
        ("9/12/2011 12:50 PM", "12/9/2011 12:50 PM", NOON),
        ("9.12.2011 12:50:00pm", "12.9.2011 12:50:00pm", NOON),
    ],
)
def test_dates_that_need_an_order(day_first, month_first, expected):
    assert read(day_first, "day_first") == expected
    assert read(month_first, "month_first") == expected
    assert read(day_first, None) is None


@pytest.mark.parametrize(
    "text",
    ["", "soon", "9/12", "31/02/2011", "2011-13-01", "infinity", "epoch", "40148.3"],
)
def test_no_dates(text):
    assert read(text, "day_first") is None


def test_order_is_found_from_the_values():
    found = profile("13/1/2011", "13/1/2011", "2/1/2011", "2011-01-01")
    assert found == DateProfile(3, 2, 0, "13/1/2011", "13/1/2011", None)
    for values, order in [
        (("1/2/2011", "13/1/2011"), "day_first"),
        (("1/2/2011", "1/13/2011"), "month_first"),
        (("2011-01-01", "", "x"), None),
    ]:
        decided = decide_order(
            profile(*values), setting="auto", max_unreadable_share=0.01
        )
        assert decided == (order, [])


def test_mixed_orders_show_one_of_each():
    order, (problem,) = decide_order(
        profile("13/1/2011", "13/1/2011", "1/14/2011"),
        setting="auto",
        max_unreadable_share=0.5,
    )
    assert order is None
    assert "'13/1/2011' can only be day first (2 rows)" in problem
    assert "'1/14/2011' only month first (1 row)" in problem


def test_ambiguous_order_names_the_variable():
    order, (problem,) = decide_order(
        profile("1/2/2011", "3/4/2011"), setting="auto", max_unreadable_share=0.01
    )
    assert order is None
    assert "2 dates such as '1/2/2011'" in problem
    assert "{transactions_date_order: day_first}" in problem


def test_setting_decides_what_is_ambiguous():
    decided = decide_order(
        profile("1/2/2011"), setting="month_first", max_unreadable_share=0
    )
    assert decided == ("month_first", [])


def test_setting_against_the_values():
    found = profile("1/13/2011", "1/2/2011", "1/2/2011")
    order, (problem,) = decide_order(
        found, setting="day_first", max_unreadable_share=0.01
    )
    assert order == "day_first"
    assert "transactions_date_order is day_first" in problem
    assert "1 date of 3 such as '1/13/2011' can only be month_first" in problem
    tolerant = decide_order(found, setting="day_first", max_unreadable_share=0.4)
    assert tolerant == ("day_first", [])
