"""Find how dates and numbers of order lines are written."""

from dataclasses import dataclass, field

import duckdb

from customer_analytics.input.dates import SERIAL, decide_order, profile_dates
from customer_analytics.input.numbers import decide_mark
from customer_analytics.input.reading import Forms, Lines, date_text, number_texts
from customer_analytics.input.settings import Settings


@dataclass(frozen=True)
class FoundForms:
    """How dates and numbers are written, and where that cannot be told.

    Attributes
    ----------
    forms : Forms
    date_problems : list of str
    number_problems : list of str
    """

    forms: Forms = Forms()
    date_problems: list[str] = field(default_factory=list)
    number_problems: list[str] = field(default_factory=list)


def find_forms(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, settings: Settings
) -> FoundForms:
    """Find how dates and numbers are written.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    lines : Lines
    settings : Settings

    Returns
    -------
    FoundForms
    """
    order, date_problems = _date_order(cursor, lines, settings)
    mark, number_problems = decide_mark(
        cursor, lines.source, number_texts(lines), settings.transactions_decimal_mark
    )
    forms = Forms(order, mark, _is_serial(cursor, lines, settings))
    return FoundForms(forms, date_problems, number_problems)


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
