"""Read dated events of customers (visits, e-mails, reviews ...), and check them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb

from customer_analytics.input.columns import mapping_text
from customer_analytics.input.dates import decide_order, profile_dates, timestamp_sql
from customer_analytics.input.event_checks import (
    match_events,
    unknown_names,
    value_problems,
)
from customer_analytics.input.files import InputFile
from customer_analytics.input.ids import customer_sql, id_sql
from customer_analytics.input.numbers import decide_mark, number_sql
from customer_analytics.input.problems import InputError, counted, shown
from customer_analytics.input.readers import (
    READ_ERRORS,
    Table,
    open_file,
    open_relation,
    unreadable,
)
from customer_analytics.input.reading import kind_of_type
from customer_analytics.input.settings import Settings
from customer_analytics.input.sql import literal
from customer_analytics.input.tone import add_tones
from customer_analytics.input.transactions import Read

VARIABLE = "customer_events_path"
RAW = "customer_analytics_input_events"
# Words of a type as one name: "E-mail opened" is e_mail_opened.
TYPE_SQL = r"trim(regexp_replace(lower(event_type), '[^\p{L}\p{N}]+', '_', 'g'), '_')"


@dataclass(frozen=True)
class Source:
    """Where events come from: files, or a relation that goes before them.

    Attributes
    ----------
    files : list of InputFile
    relation : str
        '' = none.
    """

    files: list[InputFile]
    relation: str = ""

    @property
    def variable(self) -> str:
        """The dbt variable that names it."""
        return "customer_events_relation" if self.relation else VARIABLE

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return shown(self.relation or self.files[0].path, 300)


def prepare_events(
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    settings: Settings,
    *,
    staging: str,
) -> tuple[list[Read], list[str]]:
    """Read and check dated events.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    source : Source
        May be of nothing.
    settings : Settings
    staging : str
        Quoted name of the table to create: customer_id, event_at (timestamp in the
        shop's time), event_type, value (double), text, and tone (-1..1, null without
        words or without the extra); the caller drops it.

    Returns
    -------
    reads : list of Read
    notes : list of str
        What was left out or assumed.

    Raises
    ------
    InputError
        With all problems of files, headers and values.
    """
    cursor.execute(
        f"create or replace table {staging} (customer_id varchar, event_at timestamp, "
        "event_type varchar, value double, text varchar, tone double)"
    )
    if not source.files and not source.relation:
        return [], []
    cursor.execute(
        f"create or replace temp table {RAW} (customer_id varchar, at_text varchar, "
        "at_time timestamp, event_type varchar, value_text varchar, "
        "value_number double, text varchar)"
    )
    try:
        problems = unknown_names(settings.customer_event_columns)
        reads = _read_all(cursor, source, settings, problems)
        if not problems and not any(read.row_count for read in reads):
            problems.append(
                f"{source.variable}: {source.label} has a header but no rows. Export "
                f"it again, or set {VARIABLE} to another file ('' = none)."
            )
        if problems:
            raise InputError(problems)
        notes, order = _write(cursor, source, settings, staging)
    finally:
        cursor.execute(f"drop table {RAW}")
    return [replace(read, date_order=order) for read in reads], notes


def _read_all(
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    settings: Settings,
    problems: list[str],
) -> list[Read]:
    reads: list[Read] = []
    for file in source.files if not source.relation else [None]:
        try:
            for table in _tables(cursor, file, source, settings):
                reads += _load(cursor, file, table, source, settings, problems)
        except InputError as error:
            problems += error.problems
    return reads


def _tables(
    cursor: duckdb.DuckDBPyConnection,
    file: InputFile | None,
    source: Source,
    settings: Settings,
) -> Iterator[Table]:
    if file is None:
        yield open_relation(cursor, source.relation, source.variable)
        return
    chosen = settings.customer_event_columns
    yield from open_file(
        cursor,
        file,
        encoding=settings.customer_events_encoding,
        variable=VARIABLE,
        fits=lambda header: not match_events(header, chosen).problems,
    )


def _load(
    cursor: duckdb.DuckDBPyConnection,
    file: InputFile | None,
    table: Table,
    source: Source,
    settings: Settings,
    problems: list[str],
) -> list[Read]:
    """Add a table's events as they stand; its problems go to `problems`."""
    match = match_events(table.header, settings.customer_event_columns)
    if match.problems:
        problems += [f"{source.variable}: {table.label}: {p}" for p in match.problems]
        return []
    values = ", ".join(_raw_columns(table, match.positions, settings))
    try:
        ((count,),) = cursor.execute(
            f"insert into {RAW} select {values} from {table.source}"
        ).fetchall()
    except READ_ERRORS as error:
        if file is None:
            raise
        encoding = settings.customer_events_encoding
        problems.append(unreadable(file, error, encoding, VARIABLE))
        return []
    mapping = mapping_text(table.header, match.positions)
    return [
        Read("customer_events", table.path, table.sheet, table.kind, count, mapping)
    ]


def _raw_columns(
    table: Table, positions: dict[str, int], settings: Settings
) -> list[str]:
    """Return SQL of the columns of the raw table, typed where the file's are."""
    column = {name: table.columns[i] for name, i in positions.items()}
    kind = {name: kind_of_type(table.types[i]) for name, i in positions.items()}
    text = {name: f"nullif(trim({sql}::varchar), '')" for name, sql in column.items()}
    id_type = table.types[positions["customer_id"]]
    zoned = table.types[positions["event_at"]] == "TIMESTAMP WITH TIME ZONE"
    zone = literal(settings.time_zone or "UTC")
    moment = f"timezone({zone}, {column['event_at']})" if zoned else column["event_at"]
    typed = kind["event_at"] == "date"
    finite = f"case when isfinite({column['event_at']}) then {moment}::timestamp end"
    number = f"try_cast({column.get('value')} as double)"
    return [
        customer_sql(
            id_sql(column["customer_id"], id_type), settings.guest_customer_ids
        ),
        text["event_at"],
        finite if typed else "null",
        text["event_type"],
        text.get("value", "null"),
        f"case when isfinite({number}) then {number} end"
        if kind.get("value") == "number"
        else "null",
        text.get("text", "null"),
    ]


def _write(
    cursor: duckdb.DuckDBPyConnection, source: Source, settings: Settings, staging: str
) -> tuple[list[str], str | None]:
    """Write what can be read; return the notes, and the order of day and month."""
    untyped = f"(from {RAW} where at_time is null)"
    order, problems = decide_order(
        profile_dates(cursor, untyped, "at_text"),
        setting=settings.transactions_date_order,
        max_unreadable_share=settings.max_unreadable_share,
        column="event_at",
    )
    mark, mark_problems = decide_mark(
        cursor,
        f"(from {RAW} where value_number is null)",
        {"value": "value_text"},
        settings.transactions_decimal_mark,
    )
    moment = timestamp_sql("at_text", order, time_zone=settings.time_zone)
    cursor.execute(f"""
        insert into {staging}
        select
            customer_id,
            coalesce(at_time, {moment}) as event_at,
            nullif({TYPE_SQL}, '') as event_type,
            coalesce(value_number, {number_sql("value_text", mark)}::double),
            text,
            null
        from {RAW}""")
    problems += mark_problems
    if not problems:
        problems += value_problems(cursor, settings, RAW, staging)
    if problems:
        raise InputError([f"{source.variable}: {source.label}: {p}" for p in problems])
    ((left_out, total, unread),) = cursor.execute(f"""
        select
            count(*) filter (customer_id is null),
            count(*),
            count(*) filter (event_at is null or event_type is null)
        from {staging}""").fetchall()
    cursor.execute(
        f"delete from {staging} where customer_id is null or event_at is null "
        "or event_type is null"
    )
    notes = []
    if left_out:
        notes.append(
            f"{left_out:,} of {counted(total, 'event')} have no customer_id and are "
            "left out"
        )
    if unread:
        notes.append(
            f"{unread:,} of {counted(total, 'event')} have no readable event_at or no "
            "event_type and are left out"
        )
    return notes + add_tones(cursor, staging), order
