"""One query over all order lines: counts and examples for the checks."""

import duckdb

from customer_analytics.input.ids import SCIENTIFIC
from customer_analytics.input.numbers import NUMBERS
from customer_analytics.input.reading import Lines, kind_of_type
from customer_analytics.input.settings import Settings
from customer_analytics.input.sql import literal

IDS = ("invoice", "stock_code", "customer_id")
# What no line of a shop amounts to; decimals of sums have room for many of them.
LARGEST_AMOUNT = 1e12


def aggregate(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, settings: Settings
) -> dict[str, object]:
    """Return all counts and examples that need a scan, from one query.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    lines : Lines
        With the columns of `read_columns` beside the raw ones.
    settings : Settings

    Returns
    -------
    dict
        Of all lines: `lines`, `valid`, `known` (valid, with a customer), `first_guest`
        (an id that was taken to mean nobody) and counts of why lines are not valid; of
        each column that can be checked: `<column>_filled`, `_unreadable` with
        `_example`; of ids `_scientific` with `_scientific_example`.
    """
    checked = ["invoice_date"]
    checked += [
        column
        for column in NUMBERS
        if column in lines.headers
        and kind_of_type(lines.types[column]) in ("text", "number")
    ]
    values = [f"{_filled(column, lines)} as {column}_filled" for column in checked]
    ids = [column for column in IDS if column in lines.headers]
    counts = [_counts(column) for column in checked] + [_id_counts(c) for c in ids]
    query = f"""
        with lines as (select *, {", ".join(values)} from {lines.source}),
        judged as (select *, {", ".join(_reasons(lines, settings))} from lines)
        select
            count(*) as lines,
            count(*) filter (is_valid) as valid,
            count(*) filter (is_valid and read_customer_id is not null) as known,
            count(*) filter (read_invoice_date is null) as undated,
            count(*) filter (
                read_invoice_date < {_date(settings.earliest_order_date)}
            ) as too_early,
            count(*) filter (read_invoice_date >= {_date(settings.as_of_date)})
                as too_late,
            count(*) filter ((read_quantity > 0) is not true) as no_quantity,
            count(*) filter ((read_unit_price > 0) is not true) as no_unit_price,
            count(*) filter ((read_amount > 0) is not true) as no_amount,
            count(*) filter (misses_quantity) as misses_quantity,
            count(*) filter (misses_unit_price) as misses_unit_price,
            count(*) filter (misses_amount) as misses_amount,
            count(*) filter (misses_product) as misses_product,
            count(*) filter (is_too_large) as too_large,
            count(*) filter (
                read_invoice_date is null or misses_quantity or misses_unit_price
                or misses_amount or misses_product or is_too_large
            ) as unusable,
            {", ".join(counts)}
        from judged"""
    result = cursor.execute(query)
    names = [column[0] for column in result.description]
    return dict(zip(names, result.fetchall()[0], strict=True))


def has_prices(lines: Lines) -> bool:
    """Return whether the lines say what anything costs."""
    return "unit_price" in lines.headers or "amount" in lines.headers


def _filled(column: str, lines: Lines) -> str:
    duckdb_type = lines.types[column]
    if kind_of_type(duckdb_type) == "text":
        return f"coalesce(trim({column}::varchar) <> '', false)"
    # NaN is how some writers say "no value".
    number = " and not isnan({0})" if duckdb_type in ("FLOAT", "DOUBLE") else ""
    return f"({column} is not null{number.format(column)})"


def _counts(column: str) -> str:
    unreadable = f"{column}_filled and read_{column} is null"
    return f"""
        count(*) filter ({column}_filled) as {column}_filled,
        count(*) filter ({unreadable}) as {column}_unreadable,
        (min({column}) filter ({unreadable}))::varchar as {column}_example"""


def _id_counts(column: str) -> str:
    lost = f"regexp_matches(trim({column}::varchar), '{SCIENTIFIC}')"
    return f"""
        count(*) filter ({lost}) as {column}_scientific,
        (min({column}) filter ({lost}))::varchar as {column}_scientific_example"""


def _reasons(lines: Lines, settings: Settings) -> list[str]:
    """Return SQL of why a line cannot be used, and whether it is a valid order line."""
    quantity = "read_quantity" if "quantity" in lines.headers else "1"
    price = "read_unit_price" if has_prices(lines) else "1"
    # An amount goes before what quantity and price make of it.
    by_amount = "amount" in lines.headers
    amount = f"coalesce(read_amount, {quantity}::double * {price})"
    reasons = {
        "misses_quantity": "false" if by_amount else f"{quantity} is null",
        "misses_unit_price": "false" if by_amount else f"{price} is null",
        "misses_amount": f"{amount} is null" if by_amount else "false",
        "misses_product": "read_amount is null and read_stock_code is null",
        "is_too_large": f"coalesce(abs({amount}) > {LARGEST_AMOUNT}, false)",
    }
    is_positive = f"read_amount > 0 or {quantity} > 0 and {price} > 0"
    reasons["is_valid"] = f"""coalesce(
        read_invoice_date >= {_date(settings.earliest_order_date)}
        and ({_date(settings.as_of_date)} is null
            or read_invoice_date < {_date(settings.as_of_date)})
        and ({is_positive}), false)"""
    return [f"({sql}) as {name}" for name, sql in reasons.items()]


def _date(value: object) -> str:
    return f"{literal(None if value is None else str(value))}::timestamp"
