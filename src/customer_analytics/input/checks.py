"""Check the values of order lines: all that would make the results wrong."""

import datetime
from dataclasses import dataclass, field

import duckdb

from customer_analytics.input.aggregate import IDS, aggregate, has_prices
from customer_analytics.input.dates import (
    FORMS,
    SERIAL,
    ZONED,
    decide_order,
    profile_dates,
)
from customer_analytics.input.numbers import NUMBERS, decide_mark
from customer_analytics.input.problems import counted, shown
from customer_analytics.input.reading import (
    Forms,
    Lines,
    date_text,
    kind_of_type,
    number_texts,
    read_columns,
)
from customer_analytics.input.settings import Settings

FUTURE_GAP_DAYS = 366
FUTURE_MAX_SHARE = 0.01


@dataclass(frozen=True)
class Checked:
    """What the check of the values found.

    Attributes
    ----------
    forms : Forms
        How dates and numbers are written.
    problems : list of str
        Why the lines cannot be used.
    notes : list of str
        What a user should know of how they were read.
    """

    forms: Forms
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_lines(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, settings: Settings
) -> Checked:
    """Check the values, and find how they are written.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    lines : Lines
    settings : Settings

    Returns
    -------
    Checked
    """
    order, date_problems = _date_order(cursor, lines, settings)
    mark, problems = decide_mark(
        cursor, lines.source, number_texts(lines), settings.transactions_decimal_mark
    )
    mark_problems = bool(problems)
    problems += _wrong_types(lines)
    forms = Forms(order, mark, _is_serial(cursor, lines, settings))
    found = aggregate(cursor, lines, settings, forms)
    for column in IDS:
        problems += _lost_digits(column, lines, found)
    for column in () if mark_problems else NUMBERS:
        if f"{column}_filled" in found:
            problems += _unreadable_numbers(column, lines, found, settings)
    problems += date_problems
    if not date_problems:
        problems += _unreadable_dates(lines, found, settings)
    if not problems:
        problems += _no_valid_line(lines, found, settings)
    if not problems:
        problems += _unusable_lines(lines, found, settings)
    if not date_problems and settings.as_of_date is None:
        problems += _future(cursor, lines, forms, settings)
    notes = [] if problems else _notes(cursor, lines, found, settings)
    return Checked(forms, problems, notes)


def _date_order(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, settings: Settings
) -> tuple[str | None, list[str]]:
    text = date_text(lines)
    if not text or settings.transactions_date_format:
        return None, []
    return decide_order(
        profile_dates(cursor, lines.source, text),
        setting=settings.transactions_date_order,
        max_unreadable_share=settings.max_unreadable_share,
    )


def _wrong_types(lines: Lines) -> list[str]:
    problems = [
        f"{_name(column, lines)} is of type {lines.types[column]}, which is no "
        "number. Store it as a number, or map another column with "
        "transaction_columns."
        for column in NUMBERS
        if column in lines.headers
        and kind_of_type(lines.types[column]) not in ("text", "number")
    ]
    duckdb_type = lines.types["invoice_date"]
    if not date_text(lines) and kind_of_type(duckdb_type) != "date":
        problems.append(
            f"{_name('invoice_date', lines)} is of type {duckdb_type}, which is no "
            "date. Store it as DATE, TIMESTAMP or text, or map another column with "
            "transaction_columns."
        )
    return problems


def _name(column: str, lines: Lines) -> str:
    header = lines.headers[column]
    return f"{column} (column {shown(header)})" if header != column else column


def _is_serial(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, settings: Settings
) -> bool:
    """Return whether every date of a workbook is the day number of a spreadsheet."""
    text = date_text(lines)
    if not (lines.is_workbook and text) or settings.transactions_date_format:
        return False
    ((is_serial,),) = cursor.execute(
        f"select bool_and(regexp_matches({text}, '{SERIAL}')) from {lines.source} "
        f"where {text} <> ''"
    ).fetchall()
    return bool(is_serial)


def _lost_digits(column: str, lines: Lines, found: dict) -> list[str]:
    count = found.get(f"{column}_scientific")
    if not count:
        return []
    return [
        f"{_name(column, lines)}: {counted(count, 'value')} such as "
        f"{shown(found[f'{column}_scientific_example'])} are what a spreadsheet makes "
        "of long numbers: digits are lost, and different ids have become one. Export "
        "the column as text."
    ]


def _unreadable_numbers(
    column: str, lines: Lines, found: dict, settings: Settings
) -> list[str]:
    share = settings.max_unreadable_share * found[f"{column}_filled"]
    if found[f"{column}_unreadable"] <= share:
        return []
    wanted = "a number such as 1234.50"
    return [_too_many(column, lines, found, settings, wanted)]


def _unreadable_dates(lines: Lines, found: dict, settings: Settings) -> list[str]:
    typed = kind_of_type(lines.types["invoice_date"]) == "date"
    share = settings.max_unreadable_share * found["invoice_date_filled"]
    if typed or found["invoice_date_unreadable"] <= share:
        return []
    wanted = f"a date. Read are {FORMS}"
    if settings.transactions_date_format:
        wanted = (
            "a date of the form that transactions_date_format names, "
            f"{shown(settings.transactions_date_format)}"
        )
    return [_too_many("invoice_date", lines, found, settings, wanted)]


def _too_many(
    column: str, lines: Lines, found: dict, settings: Settings, wanted: str
) -> str:
    count, filled = found[f"{column}_unreadable"], found[f"{column}_filled"]
    return (
        f"{_name(column, lines)}: {counted(count, 'value')} of {filled:,} such as "
        f"{shown(found[f'{column}_example'])} cannot be read as {wanted}. Correct "
        "them, map another column with transaction_columns, or leave these lines out: "
        f"set max_unreadable_share (now {settings.max_unreadable_share:g}) above "
        f"{count / filled:.4f}."
    )


def _unusable_lines(lines: Lines, found: dict, settings: Settings) -> list[str]:
    """Return the problem of too many lines that no model could use."""
    if found["unusable"] <= settings.max_unreadable_share * found["lines"]:
        return []
    product = "stock_code" if "stock_code" in lines.headers else "product"
    reasons = {
        "no readable date": found["undated"],
        "no quantity": found["misses_quantity"],
        "no unit_price": found["misses_unit_price"],
        "no amount": found["misses_amount"],
        f"no {product}": found["misses_product"],
        "an amount above a million millions": found["too_large"],
    }
    counts = [f"{count:,} have {what}" for what, count in reasons.items() if count]
    why = "; ".join(counts)
    share = found["unusable"] / found["lines"]
    return [
        f"{counted(found['unusable'], 'line')} of {found['lines']:,} cannot be used: "
        f"{why}. Correct them, map other columns with transaction_columns, or leave "
        "these lines out: set max_unreadable_share (now "
        f"{settings.max_unreadable_share:g}) above {share:.4f}."
    ]


def _no_valid_line(lines: Lines, found: dict, settings: Settings) -> list[str]:
    if found["valid"]:
        return []
    reasons = {
        "have no readable date": found["undated"],
        f"are before earliest_order_date {settings.earliest_order_date}": found[
            "too_early"
        ],
        f"are on or after as_of_date {settings.as_of_date}": found["too_late"],
    }
    for column in ("quantity", "unit_price", "amount"):
        if column in lines.headers:
            reasons[f"have no {column} above 0"] = found[f"no_{column}"]
    why = "; ".join(f"{count:,} {reason}" for reason, count in reasons.items() if count)
    return [
        f"none of the {counted(found['lines'], 'line')} is a valid order line: {why}. "
        "Correct the file or the variable (earliest_order_date, as_of_date, "
        "transaction_columns)."
    ]


def _future(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, forms: Forms, settings: Settings
) -> list[str]:
    """Return the problem of a few dates far after all others."""
    moment = read_columns(lines, forms, settings)["read_invoice_date"]
    query = f"""
        with dates as (
            select invoice_date, count(*) as row_count from {lines.source} group by 1
        ),
        days as (
            select
                ordered_at::date as day,
                sum(row_count) as row_count,
                max(ordered_at) as newest
            from (select *, {moment} as ordered_at from dates)
            where isfinite(ordered_at)
            group by 1
        ),
        gaps as (
            select
                max(newest) over () as newest,
                lag(newest) over (order by day) as before,
                day - lag(day) over (order by day) as gap_days,
                sum(row_count) over (order by day desc)::bigint as newer,
                sum(row_count) over ()::bigint as total
            from days
        )
        select newest, before, newest::date - before::date, newer from gaps
        where gap_days > {FUTURE_GAP_DAYS} and newer < {FUTURE_MAX_SHARE} * total
        order by before limit 1"""
    rows = cursor.execute(query).fetchall()
    return [
        f"invoice_date: the newest date, {newest:%Y-%m-%d %H:%M}, lies {days:,} days "
        f"after {before:%Y-%m-%d %H:%M}, with {counted(newer, 'line')} after that. "
        "as_of_date, by default the day after the newest date, would make every "
        "customer look lapsed. Correct these lines or set as_of_date: --vars "
        f"'{{as_of_date: {_next_day(before)}}}'."
        for newest, before, days, newer in rows
    ]


def _next_day(moment: datetime.datetime) -> datetime.date:
    return moment.date() + datetime.timedelta(days=1)


def _notes(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, found: dict, settings: Settings
) -> list[str]:
    """Return what was assumed of the lines, where a user may have meant otherwise."""
    notes = []
    if not found["known"]:
        where = "is on no line" if "customer_id" in lines.headers else "is no column"
        notes.append(
            f"customer_id {where}: sales, products and baskets are built, tables of "
            "customers are empty"
        )
    if not has_prices(lines):
        notes.append(
            "there is neither unit_price nor amount: baskets and products are built, "
            "amounts are 0 and what is made of them says nothing"
        )
    if "quantity" not in lines.headers and "amount" not in lines.headers:
        notes.append("there is no quantity: every line counts as one unit")
    if not settings.time_zone and _has_zone(cursor, lines):
        notes.append(
            "invoice_date carries time zones: times are read as of UTC; name the "
            "shop's zone with time_zone, such as Europe/London, to have its days"
        )
    return notes


def _has_zone(cursor: duckdb.DuckDBPyConnection, lines: Lines) -> bool:
    if lines.types["invoice_date"] == "TIMESTAMP WITH TIME ZONE":
        return True
    text = date_text(lines)
    if not text:
        return False
    return bool(
        cursor.execute(
            f"select 1 from {lines.source} where regexp_matches({text}, '{ZONED}') "
            "limit 1"
        ).fetchall()
    )
