"""Checks of values; every problem names the value, the count and the variable."""

import datetime as dt

import duckdb
import pytest

from customer_analytics.input.aggregate import Lines
from customer_analytics.input.checks import check_lines
from customer_analytics.input.settings import Settings

GOOD = {
    "invoice_date": "2011-01-01",
    "quantity": "2",
    "unit_price": "1.5",
    "customer_id": "7",
}


def check(rows=(), *, good=0, types=None, **settings):
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
    if "amount" not in types:
        cursor.execute("alter table t add column amount varchar")
    headers = {name: name.title() for name in types}
    lines = Lines("t", headers, types | {"amount": types.get("amount", "VARCHAR")})
    return check_lines(cursor, lines, Settings(**settings))


def only_problem(*args, **options) -> str:
    _, problems = check(*args, **options)
    (problem,) = problems
    return problem


def test_good_lines_have_no_problem():
    assert check(good=3) == (None, [])


@pytest.mark.parametrize("column", ["quantity", "unit_price"])
@pytest.mark.parametrize(
    "value",
    [
        "1,234.50",
        "£2.55",
        "2,55 €",
        "12.50 GBP",
        "USD 3",
        "1.234,50",
        "1 234.50",
        "1\u00a0234",
        "1'234",
        "(12.50)",
        "12.50-",
        "US$ 4",
        "-£3",
    ],
)
def test_number_written_for_people_is_a_problem_however_rare(column, value):
    problem = only_problem([{column: value}], good=999)
    assert problem.startswith(f"{column} (column '{column.title()}'): 1 value such as ")
    assert f"'{' '.join(value.split())}'" in problem
    assert "1234.50" in problem
    assert "transaction_columns" in problem


@pytest.mark.parametrize("value", ["n/a", "ABC", "9" * 30, "12 pieces", "?", "nan"])
def test_few_unreadable_numbers_are_left_to_the_models(value):
    assert check([{"quantity": value}], good=99) == (None, [])
    problem = only_problem([{"quantity": value}] * 2, good=98)
    assert f"2 values of 100 such as '{value}' cannot be read as a number" in problem
    assert "max_unreadable_share (now 0.01) above 0.0200" in problem
    assert check([{"quantity": value}] * 2, good=98, max_unreadable_share=0.02)[1] == []


@pytest.mark.parametrize("value", ["", "   ", None])
def test_blank_is_not_unreadable(value):
    assert check([{"quantity": value, "unit_price": value}] * 9, good=1)[1] == []


@pytest.mark.parametrize("value", ["9/1/11", "40148", "next week"])
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
        [{"quantity": "x", "unit_price": "£1", "invoice_date": "1/2/2011"}]
    )
    assert len(problems) == 3


@pytest.mark.parametrize("kind", ["BOOLEAN", "DATE", "BLOB"])
def test_type_that_is_no_number(kind):
    problem = only_problem([{"quantity": None}], types={"quantity": kind})
    assert problem.startswith(f"quantity (column 'Quantity') is of type {kind}")


@pytest.mark.parametrize("kind", ["BOOLEAN", "DOUBLE", "TIME"])
def test_type_that_is_no_date(kind):
    problem = only_problem([{"invoice_date": None}], types={"invoice_date": kind})
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
        ({"unit_price": "DOUBLE"}, {"unit_price": float("nan")}),
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


def test_no_customer_at_all():
    problem = only_problem([{"customer_id": " "}, {"customer_id": None}])
    assert "is blank on all 2 valid lines" in problem
    assert "transaction_columns" in problem


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
