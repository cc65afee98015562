"""Check the values of order lines: all that would make the results wrong."""

import datetime

import duckdb

from customer_analytics.input.aggregate import (
    NUMBERS,
    Lines,
    aggregate,
    date_sql,
    date_text,
    kind_of_type,
)
from customer_analytics.input.dates import (
    FORMS,
    decide_order,
    profile_dates,
)
from customer_analytics.input.problems import counted, shown
from customer_analytics.input.settings import Settings

FUTURE_GAP_DAYS = 366
FUTURE_MAX_SHARE = 0.01


def check_lines(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, settings: Settings
) -> tuple[str | None, list[str]]:
    """Check the values.

    Returns
    -------
    order : {'day_first', 'month_first'} or None
        How the dates are to be read; None = it makes no difference.
    problems : list of str
    """
    order, date_problems = _date_order(cursor, lines, settings)
    problems = _wrong_types(lines)
    found = aggregate(cursor, lines, settings, order)
    for column in NUMBERS:
        if f"{column}_filled" in found:
            problems += _number_problems(column, lines, found, settings)
    problems += date_problems
    if not date_problems:
        problems += _unreadable_dates(lines, found, settings)
    if not problems:
        problems += _no_valid_line(lines, found, settings)
    if not date_problems and settings.as_of_date is None:
        problems += _future(cursor, lines, order)
    return order, problems


def _date_order(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, settings: Settings
) -> tuple[str | None, list[str]]:
    text = date_text(lines)
    if not text:
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


def _number_problems(
    column: str, lines: Lines, found: dict, settings: Settings
) -> list[str]:
    problems = []
    formatted, filled = found[f"{column}_formatted"], found[f"{column}_filled"]
    if formatted:
        problems.append(
            f"{_name(column, lines)}: {counted(formatted, 'value')} such as "
            f"{shown(found[f'{column}_formatted_example'])} hold a currency, a "
            "thousands separator or a decimal comma. Write plain numbers with a "
            "decimal point, such as 1234.50, or map another column with "
            "transaction_columns."
        )
    unreadable = found[f"{column}_unreadable"]
    if unreadable > settings.max_unreadable_share * filled:
        problems.append(
            _too_many(column, lines, found, settings, "a number such as 1234.50")
        )
    return problems


def _unreadable_dates(lines: Lines, found: dict, settings: Settings) -> list[str]:
    typed = kind_of_type(lines.types["invoice_date"]) == "date"
    share = settings.max_unreadable_share * found["invoice_date_filled"]
    if typed or found["invoice_date_unreadable"] <= share:
        return []
    wanted = f"a date. Read are {FORMS}"
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


def _no_valid_line(lines: Lines, found: dict, settings: Settings) -> list[str]:
    if found["valid"]:
        if found["known"]:
            return []
        return [
            f"{_name('customer_id', lines)} is blank on all "
            f"{counted(found['valid'], 'valid line')}. Fill it, or map another column "
            "with transaction_columns."
        ]
    reasons = {
        "have no readable date": found["undated"],
        f"are before earliest_order_date {settings.earliest_order_date}": found[
            "too_early"
        ],
        f"are on or after as_of_date {settings.as_of_date}": found["too_late"],
    }
    for column in NUMBERS:
        if column in lines.headers:
            reasons[f"have no {column} above 0"] = found[f"no_{column}"]
    why = "; ".join(f"{count:,} {reason}" for reason, count in reasons.items() if count)
    return [
        f"none of the {counted(found['lines'], 'line')} is a valid order line: {why}. "
        "Correct the file or the variable (earliest_order_date, as_of_date, "
        "transaction_columns)."
    ]


def _future(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, order: str | None
) -> list[str]:
    """Return the problem of a few dates far after all others."""
    query = f"""
        with dates as (
            select invoice_date, count(*) as row_count from {lines.source} group by 1
        ),
        days as (
            select
                ordered_at::date as day,
                sum(row_count) as row_count,
                max(ordered_at) as newest
            from (select *, {date_sql(lines, order)} as ordered_at from dates)
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
