"""How values are read: every form of dates, numbers and ids."""

import datetime as dt
import decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_analytics.input.dates import serial_sql, timestamp_sql
from customer_analytics.input.ids import customer_sql, id_sql
from customer_analytics.input.numbers import decide_mark, number_sql
from customer_analytics.input.reading import Forms, Lines, read_columns
from customer_analytics.input.settings import Settings
from customer_analytics.input.sql import literal

CONNECTION = duckdb.connect()
APRIL = dt.datetime(2012, 4, 1)


def value(sql: str) -> object:
    return CONNECTION.execute(f"select {sql}").fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("01-Apr-12", APRIL),
        ("1 Apr 2012", APRIL),
        ("1. April 2012", APRIL),
        ("April 1, 2012", APRIL),
        ("Apr 1st, 2012", APRIL),
        ("01APR2012", APRIL),
        ("Sun, 01 Apr 2012", APRIL),
        ("Sunday 1 April 2012 14:05", APRIL.replace(hour=14, minute=5)),
        ("Apr 01, 2012, 2:05 PM", APRIL.replace(hour=14, minute=5)),
        ("01-Apr-12 14:05:59", APRIL.replace(hour=14, minute=5, second=59)),
        ("12-Sept-2012", dt.datetime(2012, 9, 12)),
        ("2012/4/1", APRIL),
        ("2012.04.01 14:05", APRIL.replace(hour=14, minute=5)),
        ("1/4/12", APRIL),
        ("1/4/69", dt.datetime(1969, 4, 1)),
        ("1/4/68", dt.datetime(2068, 4, 1)),
        ("30 Feb 2012", None),
        ("1 Foo 2012", None),
        ("April 2012", None),
        ("40544", None),
    ],
)
def test_dates(text, moment):
    assert value(timestamp_sql(literal(text), "day_first")) == moment


@given(
    st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2067, 12, 31)),
    st.sampled_from(
        [
            *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S"),
            *("%d.%m.%y %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%B %d, %Y %H:%M:%S"),
            *("%d %b %y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S"),
        ]
    ),
)
def test_a_moment_is_read_back_from_every_form(moment, form):
    moment = moment.replace(microsecond=0)
    text = moment.strftime(form)
    assert value(timestamp_sql(literal(text), "day_first")) == moment


@given(st.datetimes(dt.datetime(1955, 1, 1), dt.datetime(2100, 1, 1)))
def test_a_moment_is_read_back_from_the_number_of_a_spreadsheet(moment):
    moment = moment.replace(microsecond=0)
    days = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    assert value(serial_sql(literal(f"{days:.8f}"))) == moment


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("", dt.datetime(2024, 2, 29, 21, 30)),
        ("Australia/Sydney", dt.datetime(2024, 3, 1, 8, 30)),
    ],
)
def test_times_with_a_zone_are_the_shops_typed_or_text(zone, moment):
    for text in (
        "2024-03-01T08:30:00+11:00",
        "2024-02-29 21:30:00Z",
        "2024-02-29 21:30:00 +0000",
        "2024-02-29 16:30:00 -0500",
        "2024-02-29 21:30:00 UTC",
    ):
        assert value(timestamp_sql(literal(text), None, time_zone=zone)) == moment
    lines = Lines("t", {"invoice_date": "At"}, {"invoice_date": _ZONED})
    settings = Settings(time_zone=zone)
    sql = read_columns(lines, Forms(), settings)["read_invoice_date"]
    for session in ("UTC", "Asia/Tokyo"):
        cursor = CONNECTION.cursor()
        cursor.execute(f"set timezone = '{session}'")
        rows = cursor.execute(
            f"select {sql} from (select '2024-03-01 08:30:00+11'::timestamptz "
            "as invoice_date)"
        ).fetchall()
        assert rows == [(moment,)]


_ZONED = "TIMESTAMP WITH TIME ZONE"


def test_infinity_is_no_date():
    lines = Lines("t", {"invoice_date": "At"}, {"invoice_date": "TIMESTAMP"})
    sql = read_columns(lines, Forms(), Settings())["read_invoice_date"]
    rows = CONNECTION.execute(
        f"select {sql} from (select 'infinity'::timestamp as invoice_date)"
    ).fetchall()
    assert rows == [(None,)]


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1,234.50", "point", "1234.5"),
        ("1.234,50", "comma", "1234.5"),
        ("2,55 €", "comma", "2.55"),
        ("£2.55", "point", "2.55"),
        ("US$ 4", "point", "4"),
        ("12,50 EUR", "comma", "12.5"),
        ("1 234,5", "comma", "1234.5"),
        ("1\u00a0234,5", "comma", "1234.5"),
        ("1'234.50", "point", "1234.5"),
        ("(12.50)", "point", "-12.5"),
        ("12.50-", "point", "-12.5"),
        ("-£3", "point", "-3"),
        ("1.234", "comma", "1234"),
        ("1.234", None, "1.234"),
        ("1e3", None, "1000"),
        ("12 pieces", "point", None),
        ("", "point", None),
    ],
)
def test_numbers(text, mark, number):
    expected = None if number is None else decimal.Decimal(number)
    assert value(number_sql(literal(text), mark)) == expected


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1,234.50"], "point"),
        (["2,55 €", "3"], "comma"),
        (["1.234", "2,5"], "comma"),
        (["1.234.567"], "comma"),
        (["1,234,567"], "point"),
        (["0,123"], "comma"),
        (["£9"], "point"),
        (["1.234", "2.5"], None),
    ],
)
def test_the_decimal_mark_is_found_where_a_value_tells(values, mark):
    assert decide(values) == (mark, [])


@pytest.mark.parametrize("values", [["1,234"], ["£1.234"], ["1,234", "9"]])
def test_the_decimal_mark_is_never_guessed(values):
    mark, (problem,) = decide(values)
    assert mark is None and "transactions_decimal_mark" in problem


def decide(values: list[str], setting: str = "auto"):
    cursor = CONNECTION.cursor()
    cursor.execute("create or replace temp table t as select unnest(?) as q", [values])
    return decide_mark(cursor, "t", {"quantity": "trim(q)"}, setting)


@given(
    st.lists(
        st.decimals(-(10**9), 10**9, places=2).filter(lambda d: d % 1),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([(",", ".", "point"), (".", ",", "comma"), (" ", ",", "comma")]),
    st.sampled_from(["{}", "{} €", "${}", "EUR {}"]),
)
def test_numbers_are_read_back_from_every_form(numbers, form, currency):
    separator, point, mark = form
    texts = []
    for number in numbers:
        text = f"{abs(number):,.2f}".translate(str.maketrans(",.", separator + point))
        texts.append(("-" if number < 0 else "") + currency.format(text))
    found, problems = decide(texts)
    assert problems == [] and found in (mark, None)
    read = [value(number_sql(literal(text), found)) for text in texts]
    assert read == numbers


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (" 13085.0 ", "13085"),
        ("007", "007"),
        ("10.5", "10.5"),
        ("A 1", "A 1"),
        ("\u200b7\ufeff", "7"),
        ("\u00a07\u3000", "7"),
        ("Cafe\u0301", "Café"),
        ("nan", None),
        ("NULL", None),
        ("  ", None),
    ],
)
def test_ids_are_clean(text, clean):
    assert value(id_sql(literal(text), "VARCHAR")) == clean


@pytest.mark.parametrize("text", ["0", "-1", "Guest", "N/A", "\\N", "undefined", "0.0"])
def test_ids_of_nobody_are_guests(text):
    guests = ["0", "-1", "guest", "n/a", "\\N", "undefined"]
    assert value(customer_sql(id_sql(literal(text), "VARCHAR"), guests)) is None
    assert value(customer_sql(id_sql(literal(text), "VARCHAR"), [])) is not None


def test_whole_numbers_as_floats_keep_their_digits():
    for number, text in [("13085", "13085"), ("5842721234567", "5842721234567")]:
        assert value(id_sql(f"{number}::double", "DOUBLE")) == text
    assert value(id_sql("'nan'::double", "DOUBLE")) is None


def test_a_product_without_a_code_is_known_by_its_description():
    types = dict.fromkeys(("invoice_date", "stock_code", "description"), "VARCHAR")
    lines = Lines("t", {name: name for name in types}, types)
    sql = read_columns(lines, Forms(), Settings())["read_stock_code"]
    rows = CONNECTION.execute(
        f"select {sql} from (values ('a1', 'Cup'), ('', 'Cup'), (null, null)) "
        "as t(stock_code, description)"
    ).fetchall()
    assert rows == [("A1",), ("CUP",), (None,)]


def test_a_discount_in_percent_is_a_share():
    types = {"invoice_date": "VARCHAR", "discount": "VARCHAR"}
    lines = Lines("t", {name: name for name in types}, types)
    sql = read_columns(lines, Forms(), Settings())["read_discount"]
    rows = CONNECTION.execute(
        f"select {sql}::double from (values ('15%'), ('0.15'), ('2.5 %'), ('x')) "
        "as t(discount)"
    ).fetchall()
    assert rows == [(0.15,), (0.15,), (0.025,), (None,)]
