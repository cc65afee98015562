"""Keep what was read: swap new tables in, and know whether a re-read is needed."""

import hashlib
import json
import os
from dataclasses import dataclass

import duckdb

from customer_analytics.input.files import InputFile
from customer_analytics.input.settings import Settings
from customer_analytics.input.sql import identifier, literal, name_parts
from customer_analytics.input.tone import tone_version
from customer_analytics.input.transactions import Prepared, Read

DATA = ("transactions", "customer_attributes", "customer_events")
# Raise it when other tables come out of the same files.
READER_VERSION = 3
RECORD_COLUMNS = {
    "role": "varchar",
    "path": "varchar",
    "sheet": "varchar",
    "kind": "varchar",
    "row_count": "bigint",
    "column_mapping": "varchar",
    "date_order": "varchar",
    "fingerprint": "varchar",
}
Record = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Place:
    """Where the raw tables are.

    Attributes
    ----------
    schema : str
    database : str or None
        None = the current one.
    prefix : str
        What their names begin with: that of all tables.
    """

    schema: str = "raw"
    database: str | None = None
    prefix: str = ""

    @classmethod
    def beside(cls, findings: str, schema: str, database: str) -> "Place":
        """Return the place of the tables beside one named ``...input_findings``."""
        return cls(schema, database, findings.removesuffix("input_findings"))

    def table(self, name: str) -> str:
        """Return the quoted name of a raw table; '' gives that of the schema."""
        return identifier(self.database, self.schema, name and self.name(name))

    def name(self, name: str) -> str:
        """Return the name of a raw table within its schema.

        Elsewhere than in `raw` others may have the names of the data: a mart has.
        """
        among_others = name in DATA and self.schema != Place.schema
        return f"{self.prefix}{'input_' if among_others else ''}{name}"


def fingerprint(file: InputFile, settings: Settings) -> str:
    """Return what changes when a file, a setting or this reader changes."""
    status = os.stat(file.absolute)
    facts = [READER_VERSION, file.absolute, status.st_size, status.st_mtime_ns]
    facts.append(tone_version())
    text = json.dumps([*facts, settings.as_text()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def relation_fingerprint(
    cursor: duckdb.DuckDBPyConnection, name: str, settings: Settings
) -> str:
    """Return what changes when a row of a relation, or a setting, changes."""
    source = identifier(*name_parts(name))
    rows = cursor.execute(
        f"select count(*), bit_xor(hash(source)) from {source} as source"
    ).fetchall()
    text = json.dumps([READER_VERSION, *rows[0], settings.as_text()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def earlier_records(
    cursor: duckdb.DuckDBPyConnection, place: Place, fingerprints: set[str]
) -> list[Record] | None:
    """Return the records of the last run if it read just these files, else None."""
    names = (*DATA, "input_reads", "input_notes")
    if any(_kind(cursor, place, name) is None for name in names):
        return None
    try:
        records = cursor.execute(
            f"select {', '.join(RECORD_COLUMNS)} from {place.table('input_reads')}"
        ).fetchall()
    except duckdb.Error:
        return None
    return records if {record[-1] for record in records} == fingerprints else None


def as_records(reads: list[Read], fingerprints: dict[str, str]) -> list[Record]:
    """Return the rows of `input_reads`."""
    return [
        (
            read.role,
            read.path,
            read.sheet,
            read.kind,
            read.row_count,
            read.column_mapping,
            read.date_order,
            fingerprints.get(read.path),
        )
        for read in reads
    ]


def records_sql(records: list[Record]) -> str:
    """Return a select of literals, so that it reads no table it may replace."""
    rows = ", ".join(
        "(" + ", ".join(literal(value) for value in record) + ")" for record in records
    )
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind in _RECORD_TYPES)
    return f"select {columns} from (values {rows}) as v({', '.join(RECORD_COLUMNS)})"


def swap_in(
    cursor: duckdb.DuckDBPyConnection,
    place: Place,
    prepared: Prepared,
    records: list[Record],
) -> None:
    """Replace the raw tables by the staged ones, all or none.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    place : Place
    prepared : Prepared
    records : list of tuple
        The rows of `input_reads`.
    """
    target = place.table("transactions")
    cursor.execute("begin")
    try:
        for name in DATA:
            _drop(cursor, place, name)
        staged = ["customer_attributes", "customer_events"]
        if prepared.is_view:
            cursor.execute(f"create view {target} as from {prepared.source}")
        else:
            staged.append("transactions")
        for name in staged:
            unchecked = place.table(staging_name(name))
            quoted = identifier(place.name(name))
            cursor.execute(f"alter table {unchecked} rename to {quoted}")
        reads = place.table("input_reads")
        cursor.execute(f"create or replace table {reads} as {records_sql(records)}")
        notes = ", ".join(literal(note) for note in prepared.notes)
        cursor.execute(
            f"create or replace table {place.table('input_notes')} as "
            f"select unnest([{notes}]::varchar[]) as note"
        )
        cursor.execute("commit")
    except Exception:
        cursor.execute("rollback")
        raise


def drop_staging(cursor: duckdb.DuckDBPyConnection, place: Place) -> None:
    """Remove what a failed or interrupted run left."""
    for name in ("transaction_texts", *DATA):
        _drop(cursor, place, staging_name(name))


def staging_name(name: str) -> str:
    """Return the name a raw table has until it passed the checks."""
    return f"{name}__unchecked"


def strange_tables(cursor: duckdb.DuckDBPyConnection, place: Place) -> list[str]:
    """Return the tables of our names that no run of ours has made."""
    ours = ("input_reads", "input_files")
    if any(_kind(cursor, place, name) for name in ours):
        return []
    return [place.name(name) for name in DATA if _kind(cursor, place, name)]


def _kind(cursor: duckdb.DuckDBPyConnection, place: Place, name: str) -> str | None:
    """Return 'table' or 'view', or None if there is neither."""
    rows = cursor.execute(
        "select case when table_type = 'VIEW' then 'view' else 'table' end "
        "from information_schema.tables where table_schema = ? and table_name = ? "
        "and table_catalog = coalesce(?, current_database())",
        [place.schema, place.name(name), place.database],
    ).fetchall()
    return rows[0][0] if rows else None


def _drop(cursor: duckdb.DuckDBPyConnection, place: Place, name: str) -> None:
    if kind := _kind(cursor, place, name):
        cursor.execute(f"drop {kind} {place.table(name)}")


_RECORD_TYPES = list(RECORD_COLUMNS.items())
