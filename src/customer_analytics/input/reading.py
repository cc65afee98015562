"""The one place where values of order lines are read, for the check and the models."""

from dataclasses import dataclass, replace

from customer_analytics.input.dates import serial_sql, timestamp_sql
from customer_analytics.input.ids import customer_sql, id_sql
from customer_analytics.input.numbers import NUMBER_TYPE, NUMBERS, number_sql
from customer_analytics.input.settings import Settings
from customer_analytics.input.sql import literal

NUMERIC_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT")
NUMERIC_TYPES += ("USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Lines:
    """Order lines to read.

    Attributes
    ----------
    source : str
        SQL after `from`, with the raw columns of `transactions`.
    headers : dict of str to str
        Column -> header in the (first) file, of the columns that are there.
    types : dict of str to str
        Column -> DuckDB type.
    is_workbook : bool
        Whether all of them come from spreadsheets.
    """

    source: str
    headers: dict[str, str]
    types: dict[str, str]
    is_workbook: bool = False


@dataclass(frozen=True)
class Forms:
    """What was found of how dates and numbers are written.

    Attributes
    ----------
    date_order : {'day_first', 'month_first'} or None
        None = it makes no difference.
    decimal_mark : {'point', 'comma'} or None
        None = all numbers are plain.
    is_serial : bool
        Whether dates are the day numbers of a spreadsheet.
    """

    date_order: str | None = None
    decimal_mark: str | None = None
    is_serial: bool = False


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
    return "trim(invoice_date::varchar)" if kind == "text" or whole else None


def number_texts(lines: Lines) -> dict[str, str]:
    """Return SQL of the trimmed text of every column of numbers that is text."""
    return {
        column: f"trim({column}::varchar)"
        for column in NUMBERS
        if column in lines.headers and kind_of_type(lines.types[column]) == "text"
    }


def read_columns(lines: Lines, forms: Forms, settings: Settings) -> dict[str, str]:
    """Return SQL of what each column is read as.

    Parameters
    ----------
    lines : Lines
    forms : Forms
    settings : Settings

    Returns
    -------
    dict of str to str
        read_invoice, read_stock_code (in capitals; a product without a code is known
        by its description), read_customer_id (null = a guest), read_invoice_date
        (timestamp in the shop's time), and read_<number> of every number, each null
        where nothing can be read.
    """
    ids = {
        column: id_sql(column, lines.types[column])
        if column in lines.headers
        else "null::varchar"
        for column in ("invoice", "stock_code", "customer_id", "description")
    }
    read = {
        "read_invoice": f"upper({ids['invoice']})",
        "read_stock_code": (
            f"upper(coalesce({ids['stock_code']}, {ids['description']}))"
        ),
        "read_customer_id": customer_sql(
            ids["customer_id"], settings.guest_customer_ids
        ),
        "read_invoice_date": _date_sql(lines, forms, settings),
    }
    for column in NUMBERS:
        read[f"read_{column}"] = _number_sql(column, lines, forms)
    return read


def with_read_columns(lines: Lines, forms: Forms, settings: Settings) -> Lines:
    """Return the lines with what each column is read as beside the raw columns."""
    read = read_columns(lines, forms, settings)
    columns = ", ".join(f"{sql} as {name}" for name, sql in read.items())
    return replace(lines, source=f"(select *, {columns} from {lines.source})")


def _date_sql(lines: Lines, forms: Forms, settings: Settings) -> str:
    if "invoice_date" not in lines.headers:
        return "null::timestamp"
    if text := date_text(lines):
        if forms.is_serial:
            return serial_sql(text)
        return timestamp_sql(
            text,
            forms.date_order,
            time_zone=settings.time_zone,
            date_format=settings.transactions_date_format,
        )
    duckdb_type = lines.types["invoice_date"]
    if kind_of_type(duckdb_type) != "date":
        return "null::timestamp"
    moment = "invoice_date::timestamp"
    if duckdb_type == "TIMESTAMP WITH TIME ZONE":
        zone = literal(settings.time_zone or "UTC")
        moment = f"timezone({zone}, invoice_date)"
    return f"case when isfinite(invoice_date) then {moment} end"


def _number_sql(column: str, lines: Lines, forms: Forms) -> str:
    kind = kind_of_type(lines.types[column]) if column in lines.headers else "other"
    if kind not in ("text", "number"):
        return f"null::{NUMBER_TYPE}"
    if kind == "number":
        return f"try_cast({column} as {NUMBER_TYPE})"
    text = f"trim({column}::varchar)"
    if column != "discount":
        return number_sql(text, forms.decimal_mark)
    share = number_sql(f"trim(rtrim({text}, '%'))", forms.decimal_mark)
    # 15% is .15, and with other shares among 0 and 1 a share of the line.
    return (
        f"case when ends_with({text}, '%') then ({share} / 100)::{NUMBER_TYPE} "
        f"else {number_sql(text, forms.decimal_mark)} end"
    )
