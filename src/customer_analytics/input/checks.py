"""Check the values of order lines: all that would make the results wrong."""

import datetime
from dataclasses import dataclass, field

import duckdb

from customer_analytics.input.aggregate import IDS, aggregate, has_prices
from customer_analytics.input.dates import FORMS, ZONED
from customer_analytics.input.forms import FoundForms
from customer_analytics.input.numbers import NUMBERS
from customer_analytics.input.problems import counted, shown
from customer_analytics.input.reading import Lines, date_text, kind_of_type
from customer_analytics.input.settings import Settings

FUTURE_GAP_DAYS = 366
FUTURE_MAX_SHARE = 0.01


@dataclass(frozen=True)
class Checked:
    """What the check of the values found.

    Attributes
    ----------
    problems : list of str
        Why the lines cannot be used.
    notes : list of str
        What a user should know of how they were read.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_lines(
    cursor: duckdb.DuckDBPyConnection,
    lines: Lines,
    settings: Settings,
    written: FoundForms,
) -> Checked:
    """Check the values.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    lines : Lines
        With the columns of `read_columns` beside the raw ones.
    settings : Settings
    written : FoundForms
        How dates and numbers are written.

    Returns
    -------
    Checked
    """
    problems = written.number_problems + _wrong_types(lines)
    found = aggregate(cursor, lines, settings)
    for column in IDS:
        problems += _lost_digits(column, lines, found)
    for column in () if written.number_problems else NUMBERS:
        if f"{column}_filled" in found:
            problems += _unreadable_numbers(column, lines, found, settings)
    problems += written.date_problems
    if not written.date_problems:
        problems += _unreadable_dates(lines, found, settings)
    if not problems:
        problems += _no_valid_line(lines, found, settings)
    if not problems:
        problems += _unusable_lines(lines, found, settings)
    if not written.date_problems and settings.as_of_date is None:
        problems += _future(cursor, lines)
    notes = [] if problems else _notes(cursor, lines, found, settings)
    return Checked(problems, notes)


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


def _future(cursor: duckdb.DuckDBPyConnection, lines: Lines) -> list[str]:
    """Return the problem of a few dates far after all others."""
    query = f"""
        with days as (
            select
                read_invoice_date::date as day,
                count(*) as row_count,
                max(read_invoice_date) as newest
            from {lines.source}
            where isfinite(read_invoice_date)
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
            "amounts are empty"
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
