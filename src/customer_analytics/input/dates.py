"""Dates: the forms that are read, and whether day or month comes first."""

from dataclasses import dataclass

import duckdb

from customer_analytics.input.problems import counted, shown
from customer_analytics.input.sql import literal

_TIME = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_ZONE = r"(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)"
_CLOCK = r"(,?\s+\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?)?"
_WEEKDAY = r"^([A-Za-z]{3,9}\.?,?\s+)?"
ISO = rf"^\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}([T ]\s*{_TIME})?$"
ZONED = rf"^\d{{4}}-\d{{1,2}}-\d{{1,2}}[T ]\s*{_TIME}\s*{_ZONE}$"
COMPACT = r"^\d{8}$"
SLASHED = rf"^(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}}){_CLOCK}$"
# 01-Apr-12, 2 January 2013 14:05, and Jan 2, 2013.
DAY_AND_NAME = (
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[\s./-]*([A-Za-z]{{3}})[a-z]{{0,6}}"
    rf"[\s.,/-]*(\d{{4}}|\d{{2}}){_CLOCK}$"
)
NAME_AND_DAY = (
    rf"{_WEEKDAY}([A-Za-z]{{3}})[a-z]{{0,6}}[\s./-]*(\d{{1,2}})(?:st|nd|rd|th)?"
    rf"[\s.,/-]+(\d{{4}}|\d{{2}}){_CLOCK}$"
)
# Days since 30 December 1899, as spreadsheets count them: 1954 to 2119.
SERIAL = r"^[2-7]\d{4}(\.\d+)?$"
FORMS = (
    "2011-12-09, 2011-12-09 12:50, 2011-12-09T12:50:00Z, 20111209, 9/12/2011 or "
    "12/9/2011 (also with - or ., or a year of two digits), 9 Dec 2011 or "
    "Dec 9, 2011, each of these also with 12:50, 12:50:00 or 12:50 PM. Any other "
    "form can be named with transactions_date_format"
)


@dataclass(frozen=True)
class DateProfile:
    """What the dates of a text column look like.

    Attributes
    ----------
    slashed : int
        Rows in the form of D/M/Y or M/D/Y.
    day_first, month_first : int
        Those of them that only this order can read.
    example : str or None
        A slashed value.
    day_first_example, month_first_example : str or None
    """

    slashed: int
    day_first: int
    month_first: int
    example: str | None
    day_first_example: str | None
    month_first_example: str | None


def profile_dates(
    cursor: duckdb.DuckDBPyConnection, source: str, column: str
) -> DateProfile:
    """Count the orders of day and month in a column of text.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    source : str
        SQL after `from`.
    column : str
        SQL of a text value.
    """
    # Each distinct value once: a column of dates repeats itself.
    query = f"""
        with texts as (
            select trim({column}) as text, count(*) as row_count
            from {source} group by 1
        ),
        slashed as (
            select
                text,
                row_count,
                regexp_extract(text, '{SLASHED}', 1)::integer as first_part,
                regexp_extract(text, '{SLASHED}', 2)::integer as second_part
            from texts where regexp_matches(text, '{SLASHED}')
        ),
        proven as (
            select
                *,
                first_part between 13 and 31 and second_part <= 12 as day_first,
                second_part between 13 and 31 and first_part <= 12 as month_first
            from slashed
        )
        select
            coalesce(sum(row_count), 0)::bigint,
            coalesce(sum(row_count) filter (day_first), 0)::bigint,
            coalesce(sum(row_count) filter (month_first), 0)::bigint,
            min(text),
            min(text) filter (day_first),
            min(text) filter (month_first)
        from proven"""
    return DateProfile(*cursor.execute(query).fetchall()[0])


def decide_order(
    profile: DateProfile,
    *,
    setting: str,
    max_unreadable_share: float,
    column: str = "invoice_date",
) -> tuple[str | None, list[str]]:
    """Return the order of day and month, and the problems in finding it.

    Parameters
    ----------
    profile : DateProfile
    setting : {'auto', 'day_first', 'month_first'}
    max_unreadable_share : float
        Share of the slashed values that may contradict an explicit setting; they
        are then unreadable lines for the models.
    column : str
        What the dates are, for messages.

    Returns
    -------
    order : {'day_first', 'month_first'} or None
        None = not needed, or not found.
    problems : list of str
    """
    if not profile.slashed:
        return None, []
    if setting != "auto":
        return setting, _contradictions(profile, setting, max_unreadable_share)
    if profile.day_first and profile.month_first:
        return None, [_mixed(profile, column)]
    if not profile.day_first and not profile.month_first:
        return None, [
            f"{column}: {counted(profile.slashed, 'date')} such as "
            f"{shown(profile.example)} can be read day first or month first, and no "
            "value tells which. Say it: --vars '{transactions_date_order: day_first}' "
            "or month_first."
        ]
    return ("day_first" if profile.day_first else "month_first"), []


def timestamp_sql(
    text: str, order: str | None, *, time_zone: str = "", date_format: str = ""
) -> str:
    """Return SQL that reads a trimmed text as timestamp, or null.

    Parameters
    ----------
    text : str
        SQL of the trimmed text.
    order : {'day_first', 'month_first'} or None
        None = slashed values are not read.
    time_zone : str
        Where the shop is: times with a zone or offset become its local time; '' =
        UTC. Times without are its local time already.
    date_format : str
        strptime's format of every value; '' = the forms of this module.
    """
    zone = literal(time_zone or "UTC")
    if date_format:
        read = f"try_strptime({text}, {literal(date_format)})"
        has_zone = "%z" in date_format or "%Z" in date_format
        return f"timezone({zone}, {read})" if has_zone else read
    even = rf"regexp_replace({text}, '^(\d{{4}})[/.](\d{{1,2}})[/.]', '\1-\2-')"
    # DuckDB reads no blank before the offset.
    zoned = (
        rf"regexp_replace(regexp_replace({text}, '\s*{_ZONE}$', '\1'), "
        "'(UTC|GMT)$', 'Z')"
    )
    cases = [
        f"when regexp_matches({text}, '{ISO}') then try_cast({even} as timestamp)",
        f"when regexp_matches({text}, '{ZONED}') "
        f"then timezone({zone}, try_cast({zoned} as timestamptz))",
        f"when regexp_matches({text}, '{COMPACT}') then try_strptime({text}, '%Y%m%d')",
    ]
    if order:
        parts = ("1", "2") if order == "day_first" else ("2", "1")
        cases.append(_parts_case(text, SLASHED, rf"\{parts[0]}/\{parts[1]}/\3\4", "%m"))
    cases.append(_parts_case(text, DAY_AND_NAME, r"\2/\3/\4\5", "%b"))
    cases.append(_parts_case(text, NAME_AND_DAY, r"\3/\2/\4\5", "%b"))
    return f"case {' '.join(cases)} end"


def serial_sql(text: str) -> str:
    """Return SQL that reads the day number of a spreadsheet as timestamp, or null."""
    seconds = f"round(try_cast({text} as double) * 86400)::bigint"
    return (
        f"case when regexp_matches({text}, '{SERIAL}') "
        f"then timestamp '1899-12-30' + to_seconds({seconds}) end"
    )


def _parts_case(text: str, form: str, day_month_year: str, month: str) -> str:
    """Return the case of a form that is put into one order, and read by formats."""
    even = f"regexp_replace({text}, '{form}', '{day_month_year}')"
    # One blank before the time, one before AM or PM.
    even = rf"regexp_replace({even}, ',?\s+(\d)', ' \1')"
    even = rf"regexp_replace({even}, '\s*([AaPp][Mm])$', ' \1')"
    times = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
    # The years of two digits first: %Y would read them as of the first century.
    formats = ", ".join(
        f"'%d/{month}/{year}{time}'" for year in ("%y", "%Y") for time in times
    )
    read = f"try_strptime({even}, [{formats}])"
    return f"when regexp_matches({text}, '{form}') then {read}"


def _mixed(profile: DateProfile, column: str) -> str:
    return (
        f"{column}: {shown(profile.day_first_example)} can only be day first "
        f"({counted(profile.day_first, 'row')}), "
        f"{shown(profile.month_first_example)} only month first "
        f"({counted(profile.month_first, 'row')}). Write all dates in one order, best "
        "as 2011-12-31; where only a few are wrong, set transactions_date_order to "
        "that of the others."
    )


def _contradictions(
    profile: DateProfile, setting: str, max_unreadable_share: float
) -> list[str]:
    other = "month_first" if setting == "day_first" else "day_first"
    against = getattr(profile, other)
    if against <= max_unreadable_share * profile.slashed:
        return []
    return [
        f"transactions_date_order is {setting}, but {counted(against, 'date')} of "
        f"{profile.slashed:,} such as {shown(getattr(profile, other + '_example'))} "
        f"can only be {other}. Correct the setting (auto, {other}) or the dates."
    ]
