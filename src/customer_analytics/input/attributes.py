"""Bring the customer attributes into long form, and check the customer ids."""

from dataclasses import replace

import duckdb

from customer_analytics.input.columns import mapping_text, match_attributes
from customer_analytics.input.files import InputFile
from customer_analytics.input.ids import SCIENTIFIC, id_sql
from customer_analytics.input.problems import (
    InputError,
    counted,
    shown,
    shown_list,
)
from customer_analytics.input.readers import READ_ERRORS, Table, open_file, unreadable
from customer_analytics.input.sql import literal
from customer_analytics.input.transactions import Read

VARIABLE = "customer_attributes_path"
IDS = "customer_analytics_input_ids"
VALUES = "customer_analytics_input_values"


def create_empty(cursor: duckdb.DuckDBPyConnection, staging: str) -> None:
    """Create the table of attributes without rows."""
    cursor.execute(
        f"create or replace table {staging} (customer_id varchar, "
        "attribute_name varchar, value_text varchar, value_number double)"
    )


def prepare_attributes(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    chosen: dict[str, str],
    *,
    staging: str,
    encoding: str = "utf-8",
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
        value_text, value_number (null unless the whole attribute is numeric);
        the caller drops it.
    encoding : str
        Of CSV files.

    Raises
    ------
    InputError
        With all problems of files, headers and customer ids.
    """
    create_empty(cursor, staging)
    if not files:
        return []
    cursor.execute(f"create or replace temp table {IDS} (customer_id varchar)")
    cursor.execute(
        f"create or replace temp table {VALUES} "
        "(customer_id varchar, attribute_name varchar, value_text varchar)"
    )
    try:
        return _prepare(cursor, files, chosen, staging, encoding)
    finally:
        cursor.execute(f"drop table {IDS}; drop table {VALUES}")


def _prepare(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    chosen: dict[str, str],
    staging: str,
    encoding: str,
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
    problems += _id_problems(cursor, files[0].path)
    if problems:
        raise InputError(problems)
    _write_long(cursor, staging)
    return reads


def _load(
    cursor: duckdb.DuckDBPyConnection,
    file: InputFile,
    table: Table,
    chosen: dict[str, str],
    problems: list[str],
    encoding: str,
) -> list[Read]:
    """Add a table's ids and values; its problems go to `problems`."""
    match = match_attributes(table.header, chosen)
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
    counts = cursor.execute(
        f"insert into {IDS} select {customer_id} from {table.source}"
    ).fetchall()
    attributes = {name: i for name, i in positions.items() if name != "customer_id"}
    if attributes:
        names = ", ".join(literal(name) for name in attributes)
        values = ", ".join(_text(table, i) for i in attributes.values())
        cursor.execute(
            f"insert into {VALUES} select * from (select {customer_id}, "
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


def _id_problems(cursor: duckdb.DuckDBPyConnection, path: str) -> list[str]:
    blank, total = cursor.execute(
        f"select count(*) filter (coalesce(customer_id, '') = ''), count(*) from {IDS}"
    ).fetchall()[0]
    repeated = cursor.execute(
        f"select customer_id, count(*) from {IDS} where customer_id <> '' "
        "group by 1 having count(*) > 1 order by 2 desc, 1"
    ).fetchall()
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
    if repeated:
        name, count = repeated[0]
        problems.append(
            f"{where}: {counted(len(repeated), 'customer_id')} more than once, such as "
            f"{shown(name)} ({counted(count, 'row')}). Keep one row per customer."
        )
    return problems


def _write_long(cursor: duckdb.DuckDBPyConnection, staging: str) -> None:
    """Write the attributes; a number only where all of an attribute are numbers."""
    cursor.execute(f"""
        insert into {staging}
        with parsed as (
            select *, try_cast(value_text as double) as parsed_number from {VALUES}
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
            case when is_numeric then parsed_number end
        from judged
        order by attribute_name, customer_id""")


def check_match(
    cursor: duckdb.DuckDBPyConnection, table: str, lines: str, what: str
) -> tuple[list[str], list[str]]:
    """Compare the customers of the attributes, or events, with those of the orders.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    table : str
        Quoted name of the table with their customer_id.
    lines : str
        SQL after `from` of the order lines, with read_customer_id.
    what : {'attributes', 'events'}

    Returns
    -------
    problems, notes : list of str
        A problem where no customer is in both; a note where fewer than half of those
        with orders have attributes.
    """
    query = f"""
        with known as (
            select distinct read_customer_id as customer_id from {lines}
            where read_customer_id is not null
        ),
        described as (select distinct customer_id from {table})
        select
            (select count(*) from known),
            (select count(*) from described),
            (select count(*) from known semi join described using (customer_id)),
            (select list(customer_id order by customer_id)[:2] from known),
            (select list(customer_id order by customer_id)[:2] from described)"""
    known, described, matched, of_orders, of_table = cursor.execute(query).fetchall()[0]
    if not known or not described or 2 * matched >= known:
        return [], []
    ids = f"orders have {shown_list(of_orders)}, {what} {shown_list(of_table)}"
    if not matched:
        return [
            f"customer_{what}_path: none of the {counted(known, 'customer')} with "
            f"orders is among the {described:,} with {what}: {ids}. Write the ids "
            f"alike, map the right column with customer_{what[:-1]}_columns, or leave "
            f"the file out: set customer_{what}_path to ''."
        ], []
    # Many never visit or write: that says nothing of how ids are written.
    if what == "events":
        return [], []
    return [], [
        f"attributes are known of {matched:,} of {counted(known, 'customer')} with "
        f"orders: {ids}"
    ]
