"""Checks of values; every problem names the value, the count and the variable."""

import datetime as dt
from types import SimpleNamespace

import duckdb
import pytest

from customer_analytics.input.checks import check_lines
from customer_analytics.input.forms import find_forms
from customer_analytics.input.reading import Lines, with_read_columns
from customer_analytics.input.settings import Settings

GOOD = {
    "invoice_date": "2011-01-01",
    "invoice": "1",
    "stock_code": "A",
    "quantity": "2",
    "unit_price": "1.5",
    "customer_id": "7",
}


def check(rows=(), **options):
    """Return the order of dates, and the problems; see `checked`."""
    found = checked(rows, **options)
    return found.date_order, found.problems


def checked(rows=(), *, good=0, types=None, **settings) -> SimpleNamespace:
    """Check `good` good lines, and lines that differ from them as `rows` say."""
    types = {name: "VARCHAR" for name in GOOD} | (types or {})
    cursor = duckdb.connect()
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    cursor.execute(f"create table t ({columns})")
    given = [GOOD | row for row in rows]
    for line in given:
        marks = ", ".join("?" for _ in types)
        cursor.execute(
            f"insert into t values ({marks})", [line.get(name) for name in types]
        )
    if good:
        names, values = ", ".join(GOOD), ", ".join(f"'{v}'" for v in GOOD.values())
        cursor.execute(f"insert into t ({names}) select {values} from range({good})")
    headers = {name: name.title() for name in types}
    lines = Lines("t", headers, types)
    written = find_forms(cursor, lines, Settings(**settings))
    lines = with_read_columns(lines, written.forms, Settings(**settings))
    found = check_lines(cursor, lines, Settings(**settings), written)
    return SimpleNamespace(**vars(found), **vars(written.forms))


def only_problem(*args, **options) -> str:
    _, problems = check(*args, **options)
    (problem,) = problems
    return problem


def test_good_lines_have_no_problem():
    assert check(good=3) == (None, [])


@pytest.mark.parametrize("column", ["quantity", "unit_price"])
def test_numbers_that_could_be_two_are_asked_about_however_rare(column):
    lines = [{"unit_price": "2"} | row for row in [{column: "1,234"}, *[{}] * 999]]
    problem = only_problem(lines)
    assert problem.startswith(f"{column}: 1 value such as '1,234' may hold a decimal")
    assert "--vars '{transactions_decimal_mark: point}'" in problem
    for mark in ("point", "comma"):
        found = checked(lines, transactions_decimal_mark=mark)
        assert (found.problems, found.decimal_mark) == ([], mark)


def test_another_column_may_tell_how_numbers_are_written():
    found = checked([{"quantity": "1,234", "unit_price": "2.5"}])
    assert (found.problems, found.decimal_mark) == ([], "point")
    found = checked([{"quantity": "1.234", "unit_price": "2,5"}])
    assert (found.problems, found.decimal_mark) == ([], "comma")


def test_numbers_written_in_two_ways_are_a_problem():
    problem = only_problem([{"unit_price": "1,50"}], good=9)
    assert "'1.5' (9 values) with a decimal point" in problem
    assert "'1,50' (1 value) with a decimal comma" in problem


@pytest.mark.parametrize("value", ["5.84272E+12", "1e+06"])
@pytest.mark.parametrize("column", ["invoice", "stock_code", "customer_id"])
def test_ids_that_lost_their_digits_are_refused_however_rare(column, value):
    problem = only_problem([{column: value}], good=999)
    assert problem.startswith(f"{column} (column '{column.title()}'): 1 value such as ")
    assert f"'{value}'" in problem and "as text" in problem


@pytest.mark.parametrize("value", ["n/a", "ABC", "9" * 30, "12 pieces", "?", "nan"])
def test_few_unreadable_numbers_are_left_to_the_models(value):
    assert check([{"quantity": value}], good=99) == (None, [])
    problem = only_problem([{"quantity": value}] * 2, good=98)
    assert f"2 values of 100 such as '{value}' cannot be read as a number" in problem
    assert "max_unreadable_share (now 0.01) above 0.0200" in problem
    assert check([{"quantity": value}] * 2, good=98, max_unreadable_share=0.02)[1] == []


@pytest.mark.parametrize("value", ["", "   ", None])
@pytest.mark.parametrize(
    ("column", "what"),
    [
        ("quantity", "no quantity"),
        ("unit_price", "no unit_price"),
        ("stock_code", "no stock_code"),
        ("invoice_date", "no readable date"),
    ],
)
def test_lines_that_cannot_be_used_are_counted_whatever_is_missing(column, what, value):
    assert check([{column: value}], good=99)[1] == []
    problem = only_problem([{column: value}] * 9, good=91)
    assert f"9 lines of 100 cannot be used: 9 have {what}." in problem
    assert "max_unreadable_share (now 0.01) above 0.0900" in problem


def test_lines_too_large_to_be_true_are_counted():
    assert check([{"quantity": "1000000000000"}], good=99)[1] == []
    problem = only_problem([{"quantity": "1000000000000"}], good=9)
    assert "1 have an amount above a million millions" in problem


@pytest.mark.parametrize("value", ["9/1/2011 noon", "40148", "next week"])
def test_unreadable_dates_tell_the_forms_that_are_read(value):
    problem = only_problem([{"invoice_date": value}], good=9)
    assert problem.startswith("invoice_date (column 'Invoice_Date'): 1 value of 10 ")
    assert f"'{value}'" in problem
    assert "2011-12-09T12:50:00Z" in problem
    assert check([{"invoice_date": value}], good=99)[1] == []


def test_order_of_dates_goes_through():
    assert check([{"invoice_date": "31/12/2011"}])[0] == "day_first"
    assert "transactions_date_order" in only_problem([{"invoice_date": "1/2/2011"}])


def test_all_problems_are_told_at_once():
    _, problems = check(
        [{"quantity": "x", "unit_price": "1,234", "invoice_date": "1/2/2011"}]
    )
    assert len(problems) == 2
    _, problems = check([{"quantity": "x", "invoice": "1E+9", "invoice_date": "soon"}])
    assert len(problems) == 3


@pytest.mark.parametrize("kind", ["BOOLEAN", "DATE", "BLOB"])
def test_type_that_is_no_number(kind):
    problem, *_ = check([{"quantity": None}], types={"quantity": kind})[1]
    assert problem.startswith(f"quantity (column 'Quantity') is of type {kind}")


@pytest.mark.parametrize("kind", ["BOOLEAN", "DOUBLE", "TIME"])
def test_type_that_is_no_date(kind):
    problem, *_ = check([{"invoice_date": None}], types={"invoice_date": kind})[1]
    assert problem.startswith(f"invoice_date (column 'Invoice_Date') is of type {kind}")


@pytest.mark.parametrize(
    ("types", "row"),
    [
        ({"quantity": "BIGINT", "unit_price": "DOUBLE"}, {}),
        ({"unit_price": "DECIMAL(10,2)", "quantity": "HUGEINT"}, {}),
        ({"invoice_date": "TIMESTAMP"}, {}),
        ({"invoice_date": "DATE"}, {}),
        ({"invoice_date": "TIMESTAMP WITH TIME ZONE"}, {}),
        ({"invoice_date": "BIGINT"}, {"invoice_date": 20110101}),
    ],
)
def test_typed_columns_need_no_text(types, row):
    assert check(
        [row, {"invoice_date": row.get("invoice_date", "2011-01-01")}], types=types
    ) == (None, [])


def test_infinite_numbers_are_unreadable():
    problem = only_problem(
        [{"unit_price": float("inf")}, {}], types={"unit_price": "DOUBLE"}
    )
    assert "1 value of 2 such as 'inf'" in problem


@pytest.mark.parametrize(
    ("row", "settings", "why"),
    [
        ({"quantity": "-1"}, {}, "2 have no quantity above 0"),
        ({"unit_price": "0"}, {}, "2 have no unit_price above 0"),
        ({"invoice_date": "1980-01-01"}, {}, "earliest_order_date 1990-01-01"),
        ({"invoice_date": None}, {}, "2 have no readable date"),
        ({}, {"as_of_date": dt.date(2011, 1, 1)}, "on or after as_of_date 2011-01-01"),
    ],
)
def test_no_valid_line_says_why(row, settings, why):
    problem = only_problem([row, row], **settings)
    assert problem.startswith("none of the 2 lines is a valid order line: 2 ")
    assert why in problem


def test_amount_makes_a_line_valid():
    types = {"amount": "VARCHAR"}
    line = {"quantity": None, "unit_price": None, "amount": "9.5"}
    assert check([line], types=types) == (None, [])
    problem = only_problem([line | {"amount": "-9.5"}], types=types)
    assert "1 have no amount above 0" in problem


def test_a_log_without_customers_is_told_in_a_note():
    found = checked([{"customer_id": " "}, {"customer_id": None}])
    assert found.problems == []
    (note,) = found.notes
    assert note.startswith("customer_id is on no line: sales, products and baskets")
    assert checked(good=3).notes == []


def test_times_with_a_zone_are_told_in_a_note_until_the_shop_has_one():
    rows = [{"invoice_date": "2024-03-01T08:30:00+11:00"}]
    (note,) = checked(rows).notes
    assert "time_zone" in note
    assert checked(rows, time_zone="Australia/Sydney").notes == []
    (note,) = checked([{}], types={"invoice_date": "TIMESTAMP WITH TIME ZONE"}).notes
    assert "time_zone" in note


def test_a_form_of_dates_that_was_named_is_the_only_one():
    settings = {"transactions_date_format": "%Y, day %j"}
    assert check([{"invoice_date": "2024, day 032"}], **settings)[1] == []
    problem = only_problem([{"invoice_date": "2024-02-01"}], **settings)
    assert "of the form that transactions_date_format names, '%Y, day %j'" in problem


def test_isolated_dates_in_the_future():
    rows = [{"invoice_date": "2050-01-01"}, {"invoice_date": "2099-01-01 10:00"}]
    problem = only_problem(rows, good=999)
    assert "the newest date, 2099-01-01 10:00, lies 32,142 days after" in problem
    assert "2011-01-01 00:00, with 2 lines after that" in problem
    assert "--vars '{as_of_date: 2011-01-02}'" in problem
    assert check(rows, good=999, as_of_date=dt.date(2011, 1, 2))[1] == []


@pytest.mark.parametrize(
    ("rows", "good"),
    [
        ([{"invoice_date": "2012-01-02"}], 999),  # 366 days
        ([{"invoice_date": "2099-01-01"}], 99),  # 1 % of the lines
        ([{"invoice_date": "1900-01-01"}], 999),
    ],
)
def test_gaps_that_are_no_problem(rows, good):
    assert check(rows, good=good)[1] == []
