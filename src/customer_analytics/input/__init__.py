"""Read and check the input, on which all models depend."""

import json
from collections.abc import Mapping
from typing import Any

import duckdb

from customer_analytics.input.attributes import prepare_attributes
from customer_analytics.input.events import Source, prepare_events
from customer_analytics.input.files import (
    InputFile,
    absolute,
    file_beside,
    find_files,
)
from customer_analytics.input.matching import check_match
from customer_analytics.input.problems import InputError, shown
from customer_analytics.input.settings import Settings, read_settings
from customer_analytics.input.sql import literal, name_parts
from customer_analytics.input.store import (
    DATA,
    RECORD_COLUMNS,
    Place,
    as_records,
    drop_staging,
    earlier_records,
    fingerprint,
    records_sql,
    relation_fingerprint,
    staging_name,
    strange_tables,
    swap_in,
)
from customer_analytics.input.transactions import (
    Prepared,
    Read,
    has_products,
    prepare_no_transactions,
    prepare_transactions,
)

__all__ = ["InputError", "input_findings", "names_products", "prepare_input"]


def input_findings(
    cursor: duckdb.DuckDBPyConnection, meta: Mapping[str, Any], place: Place
) -> str:
    """Read and check the input, and tell what was read or what is wrong with it.

    Parameters
    ----------
    cursor, meta, place
        See `prepare_input`.

    Returns
    -------
    str
        A select of literals: ``finding_number``, from 1; ``problem``; the columns of
        `prepare_input`; and ``settings``, as JSON. One row per file or sheet, whose
        problem is null; or, where the input cannot be used, one row per problem, and
        all but number, problem and settings is null.
    """
    try:
        reads = prepare_input(cursor, meta, place)
        found = f"select null::varchar as problem, * from ({reads})"
    except InputError as error:
        problems = ", ".join(f"({literal(text)})" for text in error.problems)
        nothing = ", ".join(
            f"null::{kind} as {name}" for name, kind in RECORD_COLUMNS.items()
        )
        found = f"select *, {nothing} from (values {problems}) as v(problem)"
    settings = literal(json.dumps(dict(meta), ensure_ascii=False))
    return (
        "select (row_number() over ())::integer as finding_number, *, "
        f"{settings} as settings from ({found})"
    )


def prepare_input(
    cursor: duckdb.DuckDBPyConnection,
    meta: Mapping[str, Any],
    place: Place | None = None,
) -> str:
    """Create `transactions`, `customer_attributes`, `customer_events`, `input_notes`.

    Nothing is read again if the files and settings are those of the last run, which
    `input_reads` tells. If a check fails, the tables of the last run stay.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    meta : mapping
        Settings by variable name; see `settings.Settings`.
    place : Place, optional
        Where the tables are created; by default in the schema `raw`.

    Returns
    -------
    str
        A select of literals: the rows of `input_reads`, one per file or sheet.

    Raises
    ------
    InputError
        With all problems found.
    """
    settings, wrong_settings = read_settings(meta)
    place = place or Place()
    cursor.execute(f"create schema if not exists {place.table('')}")
    files, attribute_files, event_files, problems = _find(settings)
    events = Source(event_files, settings.customer_events_relation)
    problems += _own_relation(settings, place)
    problems += [
        f"{shown(f'{place.schema}.{name}')} is there and not of this project: set "
        "table_prefix, or give the folder input another schema."
        for name in strange_tables(cursor, place)
    ]
    if wrong_settings:
        # What stands in the files would be judged by other settings than meant.
        raise InputError(wrong_settings + problems)
    prints = {
        file.path: fingerprint(file, settings)
        for file in files + attribute_files + event_files
    }
    relations = settings.transactions_relation, settings.customer_events_relation
    if not any(relations) and not problems:
        records = earlier_records(cursor, place, set(prints.values()))
        if records:
            return records_sql(records)
    try:
        prepared, reads = _prepare(
            cursor, files, attribute_files, events, settings, place, problems
        )
        for name in filter(None, relations):
            prints[name] = relation_fingerprint(cursor, name, settings)
        records = as_records([*prepared.reads, *reads], prints)
        swap_in(cursor, place, prepared, records)
    finally:
        drop_staging(cursor, place)
    return records_sql(records)


def _find(
    settings: Settings,
) -> tuple[list[InputFile], list[InputFile], list[InputFile], list[str]]:
    """Return the files of transactions, attributes and events, and what is wrong."""
    problems: list[str] = []
    files: list[InputFile] = []
    beside: dict[str, list[InputFile]] = {}
    for name, named in (
        ("customer_attributes", settings.customer_attributes_path),
        (
            "customer_events",
            "" if settings.customer_events_relation else settings.customer_events_path,
        ),
    ):
        beside[name] = []
        if named == "auto":
            has_file = settings.transactions_path and not settings.transactions_relation
            named = file_beside(settings.transactions_path, name) if has_file else ""
        try:
            if named:
                beside[name] = find_files(named, variable=f"{name}_path")
        except InputError as error:
            problems += error.problems
    try:
        if settings.transactions_path and not settings.transactions_relation:
            others = [file.absolute for found in beside.values() for file in found]
            files = find_files(
                settings.transactions_path,
                variable="transactions_path",
                leave_out=[*others, *map(absolute, settings.transactions_leave_out)],
            )
    except InputError as error:
        problems += error.problems
    return files, beside["customer_attributes"], beside["customer_events"], problems


def names_products(settings: Settings) -> bool:
    """Tell from the headers of the order log whether it says what was bought.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    bool
        True too where that cannot be told: of a relation, of workbooks, which would be
        read whole for it, and of files that cannot be used.
    """
    files, *_, problems = _find(settings)
    if settings.transactions_relation or problems:
        return True
    with duckdb.connect() as connection:
        return has_products(connection, files, settings)


def _own_relation(settings: Settings, place: Place) -> list[str]:
    """Return the problem of naming the relation that is to be replaced."""
    parts = name_parts(settings.transactions_relation.lower())
    own = [
        (place.database or "").lower(),
        place.schema.lower(),
        place.name("transactions"),
    ]
    if len(parts) < 2 or parts != own[-len(parts) :]:
        return []
    return [
        f"transactions_relation: {shown(settings.transactions_relation)} is where the "
        "input is put. Name the table that the orders come from, or use "
        "transactions_path."
    ]


def _prepare(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    attribute_files: list[InputFile],
    events: Source,
    settings: Settings,
    place: Place,
    problems: list[str],
) -> tuple[Prepared, list[Read]]:
    """Stage and check all inputs, so that the problems of all are told at once."""
    prepared, reads, notes = None, [], []
    own_relation = bool(_own_relation(settings, place))
    texts, *stagings = (
        place.table(staging_name(name)) for name in ("transaction_texts", *DATA)
    )
    if not settings.has_orders:
        prepared = prepare_no_transactions(cursor, texts=texts, staging=stagings[0])
    elif files or (settings.transactions_relation and not own_relation):
        try:
            prepared = prepare_transactions(
                cursor, files, settings, texts=texts, staging=stagings[0]
            )
        except InputError as error:
            problems += error.problems
    try:
        reads = prepare_attributes(
            cursor,
            attribute_files,
            settings.customer_attribute_columns,
            staging=stagings[1],
            encoding=settings.customer_attributes_encoding,
            labels=settings.customer_labels,
            date_order=settings.transactions_date_order,
        )
    except InputError as error:
        problems += error.problems
    try:
        event_reads, notes = prepare_events(
            cursor, events, settings, staging=stagings[2]
        )
        reads = [*reads, *event_reads]
    except InputError as error:
        problems += error.problems
    if prepared and not problems:
        for what, staging in zip(("attributes", "events"), stagings[1:], strict=True):
            wrong, more = check_match(cursor, staging, prepared.source, what)
            problems += wrong
            notes = [*notes, *more]
        prepared.notes.extend(notes)
    if problems or prepared is None:
        raise InputError(problems)
    return prepared, reads
