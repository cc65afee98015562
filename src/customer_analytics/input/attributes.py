"""Bring the customer attributes into long form, and check the customer ids."""

from dataclasses import replace

import duckdb

from customer_analytics.input.columns import mapping_text, match_attributes
from customer_analytics.input.dates import decide_order, profile_dates, timestamp_sql
from customer_analytics.input.files import InputFile
from customer_analytics.input.ids import SCIENTIFIC, id_sql
from customer_analytics.input.problems import (
    InputError,
    counted,
    shown,
)
from customer_analytics.input.readers import READ_ERRORS, Table, open_file, unreadable
from customer_analytics.input.sql import literal
from customer_analytics.input.transactions import Read

VARIABLE = "customer_attributes_path"
# The column that says since when a row is true of its customer.
VALID_FROM = "valid_from"
IDS = "customer_analytics_input_ids"
VALUES = "customer_analytics_input_values"


def create_empty(cursor: duckdb.DuckDBPyConnection, staging: str) -> None:
    """Create the table of attributes without rows."""
    cursor.execute(
        f"create or replace table {staging} (customer_id varchar, "
        "attribute_name varchar, value_text varchar, value_number double, "
        "valid_from date, valid_to date)"
    )


def prepare_attributes(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    chosen: dict[str, str],
    *,
    staging: str,
    encoding: str = "utf-8",
    labels: dict[str, str] | None = None,
    date_order: str = "auto",
) -> list[Read]:
    """Read and check customer attributes.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    files : list of InputFile
        May be empty.
    chosen : dict of str to str
        Our name -> header, from `customer_attribute_columns`.
    staging : str
        Quoted name of the table to create: customer_id, attribute_name,
        value_text, value_number (null unless the whole attribute is numeric),
        valid_from and valid_to (dates; null = always, and until further notice); the
        caller drops it.
    encoding : str
        Of CSV files.
    labels : dict of str to str, optional
        Name of a given outcome -> header, from `customer_labels`.
    date_order : {'auto', 'day_first', 'month_first'}
        Of valid_from.

    Raises
    ------
    InputError
        With all problems of files, headers and customer ids.
    """
    create_empty(cursor, staging)
    if not files:
        return []
    cursor.execute(
        f"create or replace temp table {IDS} (customer_id varchar, since varchar)"
    )
    cursor.execute(
        f"create or replace temp table {VALUES} (customer_id varchar, since varchar, "
        "attribute_name varchar, value_text varchar)"
    )
    try:
        names = (chosen, labels or {})
        return _prepare(cursor, files, names, staging, encoding, date_order)
    finally:
        cursor.execute(f"drop table {IDS}; drop table {VALUES}")


def _prepare(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    chosen: tuple[dict[str, str], dict[str, str]],
    staging: str,
    encoding: str,
    date_order: str,
) -> list[Read]:
    problems: list[str] = []
    reads: list[Read] = []
    for file in files:
        try:
            for table in open_file(cursor, file, encoding=encoding, variable=VARIABLE):
                reads += _load(cursor, file, table, chosen, problems, encoding)
        except InputError as error:
            problems += error.problems
    if not problems and not any(read.row_count for read in reads):
        problems.append(
            f"{VARIABLE}: {shown(files[0].path, 300)} has a header but no rows. Export "
            "it again, or set customer_attributes_path to another file ('' = none)."
        )
    order, wrong_dates = decide_order(
        profile_dates(cursor, IDS, "since"),
        setting=date_order,
        max_unreadable_share=0,
        column=VALID_FROM,
    )
    problems += [f"{VARIABLE}: {text}" for text in wrong_dates]
    since = f"{timestamp_sql('since', order)}::date"
    problems += _id_problems(cursor, files[0].path, since)
    if problems:
        raise InputError(problems)
    _write_long(cursor, staging, since)
    return reads


def _load(
    cursor: duckdb.DuckDBPyConnection,
    file: InputFile,
    table: Table,
    chosen: tuple[dict[str, str], dict[str, str]],
    problems: list[str],
    encoding: str,
) -> list[Read]:
    """Add a table's ids and values; its problems go to `problems`."""
    match = match_attributes(table.header, *chosen)
    if match.problems:
        problems += [f"{VARIABLE}: {table.label}: {text}" for text in match.problems]
        return []
    try:
        table = _copy(cursor, table, match.positions)
    except READ_ERRORS as error:
        problems.append(unreadable(file, error, encoding, VARIABLE))
        return []
    mapping = mapping_text(table.header, match.positions)
    row_count = int(table.row_count or 0)
    role = "customer_attributes"
    return [Read(role, table.path, table.sheet, table.kind, row_count, mapping)]


def _copy(
    cursor: duckdb.DuckDBPyConnection, table: Table, positions: dict[str, int]
) -> Table:
    position = positions["customer_id"]
    customer_id = id_sql(table.columns[position], table.types[position])
    since = "null"
    if VALID_FROM in positions:
        since = f"nullif({_text(table, positions[VALID_FROM])}, '')"
    counts = cursor.execute(
        f"insert into {IDS} select {customer_id}, {since} from {table.source}"
    ).fetchall()
    no_values = ("customer_id", VALID_FROM)
    attributes = {name: i for name, i in positions.items() if name not in no_values}
    if attributes:
        names = ", ".join(literal(name) for name in attributes)
        values = ", ".join(_text(table, i) for i in attributes.values())
        cursor.execute(
            f"insert into {VALUES} select * from (select {customer_id}, {since}, "
            f"unnest([{names}]), unnest([{values}]) as value_text "
            f"from {table.source}) where value_text <> ''"
        )
    return replace(table, row_count=counts[0][0])


def _text(table: Table, position: int) -> str:
    column, duckdb_type = table.columns[position], table.types[position]
    if duckdb_type in ("FLOAT", "DOUBLE"):
        # NaN is how some writers say "no value".
        return f"case when not isnan({column}) then {column}::varchar end"
    return f"trim({column}::varchar)"


def _id_problems(cursor: duckdb.DuckDBPyConnection, path: str, since: str) -> list[str]:
    blank, total = cursor.execute(
        f"select count(*) filter (coalesce(customer_id, '') = ''), count(*) from {IDS}"
    ).fetchall()[0]
    repeated = cursor.execute(
        f"select customer_id, count(*) from {IDS} where customer_id <> '' "
        f"group by 1, {since} having count(*) > 1 order by 2 desc, 1"
    ).fetchall()
    undated, example = cursor.execute(
        f"select count(*), min(since) from {IDS} "
        f"where since is not null and {since} is null"
    ).fetchall()[0]
    lost = cursor.execute(
        f"select count(*), min(customer_id) from {IDS} "
        f"where regexp_matches(customer_id, '{SCIENTIFIC}')"
    ).fetchall()[0]
    where = f"{VARIABLE}: {shown(path, 300)}"
    problems = []
    if lost[0]:
        problems.append(
            f"{where}: {counted(lost[0], 'customer_id')} such as {shown(lost[1])} are "
            "what a spreadsheet makes of long numbers: digits are lost. Export the "
            "column as text."
        )
    if blank:
        problems.append(
            f"{where}: customer_id is blank in {counted(blank, 'row')} of {total:,}. "
            "Fill it, or remove these rows."
        )
    if undated:
        problems.append(
            f"{where}: {VALID_FROM}: {counted(undated, 'value')} such as "
            f"{shown(example)} cannot be read as a date. Write them as 2011-12-31, or "
            "leave them blank: valid from the first day on."
        )
    if repeated and not undated:
        name, count = repeated[0]
        problems.append(
            f"{where}: {counted(len(repeated), 'customer_id')} more than once, such as "
            f"{shown(name)} ({counted(count, 'row')}). Keep one row per customer, or "
            f"say in a column {VALID_FROM} since when each is true."
        )
    return problems


def _write_long(cursor: duckdb.DuckDBPyConnection, staging: str, since: str) -> None:
    """Write the attributes; a number only where all of an attribute are numbers.

    A row is all that is known of its customer until the next one.
    """
    cursor.execute(f"""
        insert into {staging}
        with states as (
            select
                customer_id,
                since,
                {since} as valid_from,
                lead({since}) over (
                    partition by customer_id order by {since} nulls first
                ) as valid_to
            from {IDS}
        ),
        parsed as (
            select
                attributes.*,
                try_cast(value_text as double) as parsed_number,
                valid_from,
                valid_to
            from {VALUES} as attributes
            inner join states
                on attributes.customer_id = states.customer_id
                and attributes.since is not distinct from states.since
        ),
        judged as (
            select *, bool_and(coalesce(isfinite(parsed_number), false))
                over (partition by attribute_name) as is_numeric
            from parsed
        )
        select
            customer_id,
            attribute_name,
            value_text,
            case when is_numeric then parsed_number end,
            valid_from,
            valid_to
        from judged
        order by attribute_name, customer_id, valid_from""")
