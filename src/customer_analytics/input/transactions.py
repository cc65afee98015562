"""Bring the order lines of all files into one relation with our column names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb

from customer_analytics.input.checks import check_lines
from customer_analytics.input.columns import (
    TRANSACTION_COLUMNS,
    by_position,
    mapping_text,
    match_transactions,
    unknown_names,
)
from customer_analytics.input.files import InputFile
from customer_analytics.input.forms import find_forms
from customer_analytics.input.problems import InputError, shown
from customer_analytics.input.readers import (
    READ_ERRORS,
    Table,
    open_file,
    open_relation,
    unreadable,
)
from customer_analytics.input.reading import Forms, Lines, with_read_columns
from customer_analytics.input.settings import Settings

VARIABLE = "transactions_path"


@dataclass(frozen=True)
class Read:
    """One file or sheet that was read.

    Attributes
    ----------
    role : {'transactions', 'customer_attributes'}
    path : str
    sheet : str or None
    kind : {'parquet', 'csv', 'xlsx', 'relation'}
    row_count : int
    column_mapping : str
    date_order : str or None
    """

    role: str
    path: str
    sheet: str | None
    kind: str
    row_count: int
    column_mapping: str
    date_order: str | None = None


@dataclass(frozen=True)
class Prepared:
    """Order lines that passed the checks.

    Attributes
    ----------
    reads : list of Read
    source : str
        SQL after `from`, with raw columns and what they are read as: a select from the
        files themselves, or the staging table.
    is_view : bool
        Whether it selects from the files themselves.
    notes : list of str
        What a user should know of how the lines were read.
    """

    reads: list[Read]
    source: str
    is_view: bool
    notes: list[str]


def prepare_transactions(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    settings: Settings,
    *,
    texts: str,
    staging: str,
) -> Prepared:
    """Read and check the order lines.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    files : list of InputFile
        Not used if `settings.transactions_relation` is set.
    settings : Settings
    texts, staging : str
        Quoted names of tables to create for CSV and XLSX, one of the lines as text and
        one with what they are read as; the caller drops them.

    Raises
    ------
    InputError
        With all problems of files, headers and values.
    """
    problems = unknown_names(settings.transaction_columns)
    is_view = bool(settings.transactions_relation) or all(
        file.kind == "parquet" for file in files
    )
    if not is_view:
        _create_texts(cursor, texts)
    notes: list[str] = []
    usable = _usable_tables(
        cursor, files, settings, problems, notes, staging=None if is_view else texts
    )
    select = _union_sql(usable) if is_view and usable else f"from {texts}"
    lines = _lines(cursor, usable, select, problems)
    if lines is None:
        raise InputError(problems)
    try:
        written = find_forms(cursor, lines, settings)
        lines = with_read_columns(lines, written.forms, settings)
        if not is_view:
            lines = _read_once(cursor, lines, texts, staging)
        checked = check_lines(cursor, lines, settings, written)
    except duckdb.Error as error:
        # A Parquet file can be damaged behind a footer that is whole.
        first = usable[0][0]
        if first.kind != "parquet":
            raise
        file = InputFile(settings.transactions_path or first.path, "parquet")
        raise InputError(
            [*problems, unreadable(file, error, "utf-8", VARIABLE)]
        ) from error
    problems += checked.problems
    if problems:
        raise InputError(problems)
    order = written.forms.date_order
    reads = [_read(table, positions, order) for table, positions in usable]
    return Prepared(reads, lines.source, is_view, notes + checked.notes)


def prepare_no_transactions(
    cursor: duckdb.DuckDBPyConnection, *, texts: str, staging: str
) -> Prepared:
    """Stage the table of order lines without rows, where there is no order log."""
    _create_texts(cursor, texts)
    lines = Lines(texts, {}, dict.fromkeys(TRANSACTION_COLUMNS, "VARCHAR"))
    lines = with_read_columns(lines, Forms(), Settings())
    _read_once(cursor, lines, texts, staging)
    return Prepared([], staging, False, [])


def _read_once(
    cursor: duckdb.DuckDBPyConnection, lines: Lines, texts: str, staging: str
) -> Lines:
    """Read text into the staging table, so that check and models share the work."""
    cursor.execute(f"create or replace table {staging} as from {lines.source}")
    cursor.execute(f"drop table {texts}")
    return replace(lines, source=staging)


def _usable_tables(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    settings: Settings,
    problems: list[str],
    notes: list[str],
    *,
    staging: str | None,
) -> list[tuple[Table, dict[str, int]]]:
    """Return the tables that have our columns; copy them if there is a staging."""
    usable: list[tuple[Table, dict[str, int]]] = []
    without_lines: list[tuple[Table, str]] = []
    for table in _tables(cursor, files, settings, problems):
        match = match_transactions(table.header, settings.transaction_columns)
        without_lines += [(table, text) for text in match.problems]
        if match.problems:
            continue
        try:
            if staging:
                table = _load(cursor, table, match.positions, staging)
            usable.append((table, match.positions))
        except READ_ERRORS as error:
            file = InputFile(table.path, table.kind)
            encoding = settings.transactions_encoding
            problems.append(unreadable(file, error, encoding, VARIABLE))
    # Beside sheets with order lines may stand others, of notes or sums.
    workbooks = {table.path for table, _ in usable if table.kind == "xlsx"}
    by_header: dict[str, list[str]] = {}
    for table, text in without_lines:
        if table.path in workbooks and not settings.transactions_sheets:
            notes.append(f"{table.label} has no order lines and was left out")
        else:
            by_header.setdefault(text, []).append(table.label)
    problems += [_header_problem(text, at) for text, at in by_header.items()]
    if not usable and not problems:
        where = shown(settings.transactions_path, 300)
        problems.append(f"{VARIABLE}: {where} has no filled sheet. {_NO_ROWS}")
    return usable


def has_products(
    cursor: duckdb.DuckDBPyConnection, files: list[InputFile], settings: Settings
) -> bool:
    """Return whether a header of the order log names products, or might.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    files : list of InputFile
    settings : Settings
    """
    if any(file.kind == "xlsx" for file in files):
        return True
    problems: list[str] = []
    found = [
        match_transactions(table.header, settings.transaction_columns)
        for table in _tables(cursor, files, settings, problems)
    ]
    return bool(problems) or any(
        match.problems or "stock_code" in match.positions for match in found
    )


def _tables(
    cursor: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    settings: Settings,
    problems: list[str],
) -> Iterator[Table]:
    """Yield all tables; a file that cannot be opened adds its problem instead."""
    try:
        if settings.transactions_relation:
            yield open_relation(cursor, settings.transactions_relation)
            return
    except InputError as error:
        problems += error.problems
        return
    chosen = settings.transaction_columns

    def fits(header: tuple[str, ...]) -> bool:
        return not match_transactions(header, chosen).problems

    for file in files:
        try:
            yield from open_file(
                cursor,
                file,
                encoding=settings.transactions_encoding,
                variable=VARIABLE,
                fits=fits,
                has_header=not by_position(chosen),
                sheets=settings.transactions_sheets,
            )
        except InputError as error:
            problems += error.problems


def _create_texts(cursor: duckdb.DuckDBPyConnection, texts: str) -> None:
    columns = ", ".join(f"{column} varchar" for column in TRANSACTION_COLUMNS)
    cursor.execute(f"create or replace table {texts} ({columns})")


def _load(
    cursor: duckdb.DuckDBPyConnection,
    table: Table,
    positions: dict[str, int],
    staging: str,
) -> Table:
    """Copy a table into the staging table, as text; return it with its row count."""
    columns = ", ".join(positions)
    values = ", ".join(f"{table.columns[i]}::varchar" for i in positions.values())
    counted = cursor.execute(
        f"insert into {staging} ({columns}) select {values} from {table.source}"
    ).fetchall()
    return replace(table, row_count=counted[0][0])


def _union_sql(usable: list[tuple[Table, dict[str, int]]]) -> str:
    """Return one select over all tables; those alike are read in one call."""
    groups: dict[tuple, list[str]] = {}
    for table, positions in usable:
        found = {c: table.columns[i] for c, i in positions.items()}
        select = ", ".join(
            f"{found.get(column, 'null::varchar')} as {column}"
            for column in TRANSACTION_COLUMNS
        )
        types = table.types if table.kind == "parquet" else table.source
        key = (select, table.header, types)
        groups.setdefault(key, []).append(table.source)
    return " union all ".join(
        f"select {key[0]} from {_together(sources)}" for key, sources in groups.items()
    )


def _together(sources: list[str]) -> str:
    if len(sources) == 1:
        return sources[0]
    paths = ", ".join(
        source.removeprefix("read_parquet(").removesuffix(")") for source in sources
    )
    return f"read_parquet([{paths}])"


def _lines(
    cursor: duckdb.DuckDBPyConnection,
    usable: list[tuple[Table, dict[str, int]]],
    select: str,
    problems: list[str],
) -> Lines | None:
    """Describe what could be read; None, with its problem, where there are no rows."""
    if not usable:
        return None
    if not any(table.row_count for table, _ in usable):
        labels = [table.label for table, _ in usable]
        problems.append(_header_problem(f"a header but no rows. {_NO_ROWS}", labels))
        return None
    headers: dict[str, str] = {}
    for table, positions in usable:
        for column, i in positions.items():
            headers.setdefault(column, table.header[i])
    described = cursor.execute(f"describe {select}").fetchall()
    # By position: of a single table, describe returns its names, not ours.
    columns = zip(TRANSACTION_COLUMNS, described, strict=True)
    types = {column: row[1] for column, row in columns}
    is_workbook = all(table.kind == "xlsx" for table, _ in usable)
    return Lines(f"({select})", headers, types, is_workbook)


_NO_ROWS = "Export it again, or set transactions_path to another file."


def _header_problem(text: str, labels: list[str]) -> str:
    more = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
    return f"{labels[0]}{more}: {text}"


def _read(table: Table, positions: dict[str, int], order: str | None) -> Read:
    mapping = mapping_text(table.header, positions)
    return Read(
        "transactions",
        table.path,
        table.sheet,
        table.kind,
        int(table.row_count or 0),
        mapping,
        order,
    )
