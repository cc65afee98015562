"""Open a file as tables that DuckDB can select from."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import fastexcel

from customer_analytics.input.files import InputFile
from customer_analytics.input.problems import InputError, first_line, shown
from customer_analytics.input.sql import (
    file_literal,
    identifier,
    literal,
    name_parts,
)

DELIMITERS = ",;\t|"
SHEET_VIEW = "customer_analytics_input_sheet"
# DuckDB and fastexcel raise their own errors; the rest is from reading a header.
READ_ERRORS = (
    duckdb.Error,
    fastexcel.FastExcelError,
    OSError,
    EOFError,
    zlib.error,
    csv.Error,
    UnicodeError,
)


@dataclass(frozen=True)
class Table:
    """A file or sheet as something to select from.

    Attributes
    ----------
    path, kind : str
        As in `InputFile`; kind also 'relation'.
    sheet : str or None
    header : tuple of str
        The header row as it stands there, with repeated names.
    columns : tuple of str
        SQL for each column of the header.
    types : tuple of str
        DuckDB type of each column.
    source : str
        SQL after `from`.
    row_count : int or None
        None = not known without reading.
    """

    path: str
    kind: str
    sheet: str | None
    header: tuple[str, ...]
    columns: tuple[str, ...]
    types: tuple[str, ...]
    source: str
    row_count: int | None = None

    @property
    def label(self) -> str:
        """The file and sheet for messages."""
        where = f", sheet {shown(self.sheet)}" if self.sheet else ""
        return shown(self.path, 300) + where


def open_file(
    cursor: duckdb.DuckDBPyConnection,
    file: InputFile,
    *,
    encoding: str = "utf-8",
    variable: str = "transactions_path",
) -> Iterator[Table]:
    """Yield the tables of a file: one, or one per filled sheet of a workbook.

    A sheet can be read until the next one is asked for.

    Raises
    ------
    InputError
        If the file cannot be read; the only problem tells why.
    """
    try:
        if file.kind == "xlsx":
            yield from _open_xlsx(cursor, file)
        elif file.kind == "csv":
            yield _open_csv(file, encoding)
        else:
            yield _open_parquet(cursor, file)
    except READ_ERRORS as error:
        raise InputError([unreadable(file, error, encoding, variable)]) from error


def open_relation(cursor: duckdb.DuckDBPyConnection, name: str) -> Table:
    """Return a table or view of the database, or of one attached to it.

    Raises
    ------
    InputError
        If there is no such relation.
    """
    source = identifier(*name_parts(name))
    try:
        header, types = _describe(cursor, source)
        row_count = _scalar(cursor, f"select count(*) from {source}")
    except duckdb.Error as error:
        raise InputError(
            [
                f"transactions_relation: {shown(name)} cannot be read: "
                f"{first_line(error)}. Name it schema.table or database.schema.table."
            ]
        ) from error
    columns = tuple(identifier(column) for column in header)
    return Table(name, "relation", None, header, columns, types, source, row_count)


def unreadable(file: InputFile, error: Exception, encoding: str, variable: str) -> str:
    """Word the problem of a file that cannot be read."""
    text = str(error).lower()
    of_encoding = isinstance(error, UnicodeError) or (
        "encoded" in text or "unicode" in text
    )
    if file.kind == "csv" and of_encoding:
        return _wrong_encoding(file, error, encoding, variable)
    advice = {
        "csv": "Correct that line (or the line ends and quotes around it), or export "
        "the file again as CSV with a header, one delimiter and double quotes.",
        "parquet": "Write it again, or name it after what it is (.csv, .xlsx).",
        "xlsx": "Open it and save it as .xlsx without a password, or export CSV.",
    }
    if isinstance(error, OSError | EOFError | zlib.error):
        advice["csv"] = "Copy or export it again."
    name = {"csv": "CSV", "parquet": "Parquet", "xlsx": "XLSX"}[file.kind]
    reason = first_line(error).replace(file.absolute, file.path)
    if file.kind == "csv" and "state machine" in text:
        reason = "its lines do not all end in the same way (CRLF or LF)"
    return (
        f"{variable}: {shown(file.path, 300)} cannot be read as {name}: {reason}. "
        f"{advice[file.kind]}"
    )


def _wrong_encoding(
    file: InputFile, error: Exception, encoding: str, variable: str
) -> str:
    line = re.search(r"on Line: (\d+)", str(error))
    where = f" (line {line[1]})" if line else ""
    convert = "convert it: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv"
    advice = f"Say how it is encoded: {_ENCODING_VARS}; or {convert}."
    if encoding != "utf-8":
        advice = f"Set transactions_encoding to what it is, or {convert}."
    if variable != "transactions_path":
        advice = f"It has to be UTF-8; {convert}."
    return (
        f"{variable}: {shown(file.path, 300)} is not encoded in {encoding}{where}. "
        f"{advice}"
    )


_ENCODING_VARS = "--vars '{transactions_encoding: latin-1}' (or utf-16)"


def _open_parquet(cursor: duckdb.DuckDBPyConnection, file: InputFile) -> Table:
    path = file_literal(file.absolute)
    source = f"read_parquet({path})"
    names, types = _describe(cursor, source)
    rows = _scalar(cursor, f"select sum(num_rows) from parquet_file_metadata({path})")
    header = _parquet_header(cursor, path, names)
    columns = tuple(identifier(name) for name in names)
    return Table(file.path, file.kind, None, header, columns, types, source, rows)


def _parquet_header(
    cursor: duckdb.DuckDBPyConnection, path: str, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names in the file: DuckDB renames the second of 'A' and 'a'."""
    schema = cursor.execute(
        f"select name, coalesce(num_children, 0) from parquet_schema({path})"
    ).fetchall()
    flat = [name for name, children in schema[1:] if not children]
    is_flat = len(flat) == len(schema) - 1 and len(flat) <= len(names)
    return tuple(flat) + names[len(flat) :] if is_flat else names


def _open_csv(file: InputFile, encoding: str) -> Table:
    """Read the header ourselves: DuckDB would rename repeats and guess quotes."""
    header, delimiter, line_end = _csv_header(file.absolute, encoding)
    columns = tuple(f"c{i}" for i in range(len(header)))
    named = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in columns)
    zipped = "gzip" if file.absolute.lower().endswith(".gz") else "none"
    # Guessed line ends can be wrong after a quoted header, and then no row is found.
    ends = {"\n": r", new_line = '\n'", "\r\n": r", new_line = '\r\n'"}
    source = (
        f"read_csv({file_literal(file.absolute)}, auto_detect = false, header = true, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', "
        f"encoding = {literal(encoding)}, compression = '{zipped}'"
        f"{ends.get(line_end, '')}, "
        f"columns = {{{named}}})"
    )
    types = ("VARCHAR",) * len(header)
    return Table(file.path, file.kind, None, header, columns, types, source)


def _csv_header(path: str, encoding: str) -> tuple[tuple[str, ...], str, str]:
    """Return the header, the delimiter that splits it into most columns, its end."""
    # utf-8-sig drops the mark that Excel puts before the first header.
    codec = {"utf-8": "utf-8-sig"}.get(encoding, encoding)
    opened = gzip.open(path) if path.lower().endswith(".gz") else open(path, "rb")
    with opened as raw, io.TextIOWrapper(raw, codec, newline="") as text:
        start = text.readline()
        # A quoted header may go over several lines.
        while start.count('"') % 2 and (line := text.readline()):
            start += line
    if not start.strip():
        raise csv.Error("the first line is blank, where the header should stand")
    rows = {
        delimiter: next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter))
        for delimiter in DELIMITERS
    }
    best = max(DELIMITERS, key=lambda delimiter: len(rows[delimiter]))
    line_end = start[len(start.rstrip("\r\n")) :]
    return tuple(name.strip() for name in rows[best]), best, line_end


def _open_xlsx(cursor: duckdb.DuckDBPyConnection, file: InputFile) -> Iterator[Table]:
    workbook = fastexcel.read_excel(file.absolute)
    for name in workbook.sheet_names:
        # As text, so that a column of 85048 and '79323P' keeps both as written.
        sheet = workbook.load_sheet(name, dtypes="string", header_row=0)
        if not sheet.width:
            continue
        header = _sheet_header(workbook, name, sheet)
        columns = tuple(f"c{i}" for i in range(len(header)))
        cursor.register(SHEET_VIEW, sheet)
        source = f"{SHEET_VIEW} as sheet({', '.join(columns)})"
        types = ("VARCHAR",) * len(header)
        try:
            yield Table(
                file.path, file.kind, name, header, columns, types, source, sheet.height
            )
        finally:
            cursor.unregister(SHEET_VIEW)


def _sheet_header(
    workbook: fastexcel.ExcelReader, name: str, sheet: fastexcel.ExcelSheet
) -> tuple[str, ...]:
    """Return the header row; repeats are renamed 'X_1', so these are read again."""
    columns = sheet.available_columns()
    header = tuple(
        "" if column.name.startswith("__UNNAMED__") else column.name.strip()
        for column in columns
    )
    if not any(re.sub(r"_\d+$", "", h) in header for h in header if h[-1:].isdigit()):
        return header
    first = workbook.load_sheet(name, dtypes="string", header_row=None, n_rows=1)
    rows = duckdb.connect().register("first", first).execute("from first").fetchall()
    return tuple(str(value or "").strip() for value in rows[0])


def _describe(
    cursor: duckdb.DuckDBPyConnection, source: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = cursor.execute(f"describe select * from {source}").fetchall()
    return tuple(row[0] for row in rows), tuple(row[1] for row in rows)


def _scalar(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(cursor.execute(query).fetchall()[0][0])
