"""One query over all order lines: counts and examples for the checks."""

from dataclasses import dataclass

import duckdb

from customer_analytics.input.dates import timestamp_sql
from customer_analytics.input.settings import Settings
from customer_analytics.input.sql import literal

NUMBERS = ("quantity", "unit_price", "amount")
# A number as people write it: currency, separators, brackets for a minus.
FORMATTED = (
    r"^[-+(]{0,2}\s*([A-Za-z]{0,3}\p{Sc}|[A-Za-z]{2,3}\.?)?[\s\x{A0}\x{202F}]*[-+]?\d"
    r"[\d.,''’\s\x{A0}\x{202F}]*([A-Za-z]{0,3}\p{Sc}|[A-Za-z]{2,3}\.?)?\s*\)?-?$"
)
UNFORMATTED = r"^[-+]?\d+(\.\d+)?$"
NUMERIC_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT")
NUMERIC_TYPES += ("USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Lines:
    """Order lines to check.

    Attributes
    ----------
    source : str
        SQL after `from`, with the columns of `raw.transactions`.
    headers : dict of str to str
        Column -> header in the (first) file, of the columns that are there.
    types : dict of str to str
        Column -> DuckDB type.
    """

    source: str
    headers: dict[str, str]
    types: dict[str, str]


def kind_of_type(duckdb_type: str) -> str:
    """Return 'text', 'number', 'date' or 'other'."""
    name = duckdb_type.split("(")[0]
    if name in ("VARCHAR", "ENUM", "JSON"):
        return "text"
    if name in NUMERIC_TYPES or name == "DECIMAL":
        return "number"
    return "date" if name.startswith(("DATE", "TIMESTAMP")) else "other"


def date_text(lines: Lines) -> str | None:
    """Return SQL of the date as text, or None if it is typed (or no date)."""
    duckdb_type = lines.types["invoice_date"]
    kind = kind_of_type(duckdb_type)
    whole = kind == "number" and duckdb_type not in ("FLOAT", "DOUBLE")
    # 20111209 as a number is a compact date.
    return "invoice_date::varchar" if kind == "text" or whole else None


def date_sql(lines: Lines, order: str | None) -> str:
    """Return SQL of the date as timestamp; null where it cannot be read."""
    if text := date_text(lines):
        return timestamp_sql(f"trim({text})", order)
    is_date = kind_of_type(lines.types["invoice_date"]) == "date"
    return "invoice_date::timestamp" if is_date else "null::timestamp"


def aggregate(
    cursor: duckdb.DuckDBPyConnection,
    lines: Lines,
    settings: Settings,
    order: str | None,
) -> dict[str, object]:
    """Return all counts and examples that need a scan, from one query.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    lines : Lines
    settings : Settings
    order : {'day_first', 'month_first'} or None

    Returns
    -------
    dict
        Of all lines: `lines`, `valid`, `known` (valid, with a customer) and counts
        of why not; of each column that can be checked: `<column>_filled`,
        `_unreadable` with `_example`, `_formatted` with `_formatted_example`.
    """
    values = [f"({date_sql(lines, order)}) as ordered_at"]
    values += [f"{_filled('invoice_date', lines)} as invoice_date_filled"]
    checked = ["invoice_date"]
    for column in NUMBERS:
        usable = kind_of_type(lines.types[column]) in ("text", "number")
        if column in lines.headers and usable:
            value = f"try_cast({_trimmed(column, lines)} as decimal(18, 4))"
            values += [f"{value} as {column}_number"]
            values += [f"{_filled(column, lines)} as {column}_filled"]
            checked.append(column)
        else:
            values.append(f"null::decimal(18, 4) as {column}_number")
    results = [_counts(column, lines) for column in checked]
    query = f"""
        with lines as (select *, {", ".join(values)} from {lines.source}),
        judged as (
            select
                *,
                {_valid_sql(settings)} as is_valid,
                {", ".join(_flags(column, lines) for column in checked)}
            from lines
        )
        select
            count(*) as lines,
            count(*) filter (is_valid) as valid,
            count(*) filter (is_valid and trim(customer_id::varchar) <> '') as known,
            count(*) filter (ordered_at is null) as undated,
            count(*) filter (ordered_at < {_date(settings.earliest_order_date)})
                as too_early,
            count(*) filter (ordered_at >= {_date(settings.as_of_date)}) as too_late,
            count(*) filter ((quantity_number > 0) is not true) as no_quantity,
            count(*) filter ((unit_price_number > 0) is not true) as no_unit_price,
            count(*) filter ((amount_number > 0) is not true) as no_amount,
            {", ".join(results)}
        from judged"""
    result = cursor.execute(query)
    names = [column[0] for column in result.description]
    return dict(zip(names, result.fetchall()[0], strict=True))


def _trimmed(column: str, lines: Lines) -> str:
    is_text = kind_of_type(lines.types[column]) == "text"
    return f"trim({column}::varchar)" if is_text else column


def _filled(column: str, lines: Lines) -> str:
    duckdb_type = lines.types[column]
    if kind_of_type(duckdb_type) == "text":
        return f"coalesce(trim({column}::varchar) <> '', false)"
    # NaN is how some writers say "no value".
    number = " and not isnan({0})" if duckdb_type in ("FLOAT", "DOUBLE") else ""
    return f"({column} is not null{number.format(column)})"


def _flags(column: str, lines: Lines) -> str:
    """Return SQL of two flags: not readable, and written for people."""
    value = "ordered_at" if column == "invoice_date" else f"{column}_number"
    unreadable = f"{column}_filled and {value} is null"
    if column == "invoice_date" or kind_of_type(lines.types[column]) != "text":
        formatted = "false"
    else:
        text = _trimmed(column, lines)
        # A case, so that only the few unreadable values meet the expressions.
        formatted = (
            f"case when {unreadable} then regexp_matches({text}, '{FORMATTED}') "
            f"and not regexp_matches({text}, '{UNFORMATTED}') else false end"
        )
    return (
        f"{unreadable} as {column}_is_unreadable, {formatted} as {column}_is_formatted"
    )


def _counts(column: str, lines: Lines) -> str:
    other = f"{column}_is_unreadable and not {column}_is_formatted"
    return f"""
        count(*) filter ({column}_filled) as {column}_filled,
        count(*) filter ({column}_is_formatted) as {column}_formatted,
        (min({column}) filter ({column}_is_formatted))::varchar
            as {column}_formatted_example,
        count(*) filter ({other}) as {column}_unreadable,
        (min({column}) filter ({other}))::varchar as {column}_example"""


def _valid_sql(settings: Settings) -> str:
    return f"""coalesce(
        ordered_at >= {_date(settings.earliest_order_date)}
        and ({_date(settings.as_of_date)} is null
            or ordered_at < {_date(settings.as_of_date)})
        and (coalesce(quantity_number > 0 and unit_price_number > 0, false)
            or amount_number > 0),
        false)"""


def _date(value: object) -> str:
    return f"{literal(None if value is None else str(value))}::timestamp"
