"""Open a file as tables that DuckDB can select from."""

import csv
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb
import fastexcel

from customer_analytics.input.files import InputFile
from customer_analytics.input.problems import (
    InputError,
    first_line,
    shown,
    shown_list,
)
from customer_analytics.input.sql import (
    file_literal,
    identifier,
    literal,
    name_parts,
)
from customer_analytics.input.text_files import (
    as_utf8,
    from_byte,
    likely_encoding,
    mark_length,
)

DELIMITERS = ",;\t|"
# A title and blank lines may stand above the header.
HEADER_LINES = 20
# Tells whether a row is the header, by its names.
Fits = Callable[[tuple[str, ...]], bool]
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
    fits: Fits = lambda header: True,
    has_header: bool = True,
    sheets: tuple[str, ...] = (),
) -> Iterator[Table]:
    """Yield the tables of a file: one, or one per filled sheet of a workbook.

    A table can be read until the next one is asked for.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    file : InputFile
    encoding : str
        Of a CSV file.
    variable : str
        The dbt variable that named the file, for messages.
    fits : callable
        The header is the first row that it is true of; the first row of all if none.
    has_header : bool
        False = every row holds values, and columns are called column 1, column 2 ...
    sheets : tuple of str
        Sheets of a workbook that are meant; none = all.

    Raises
    ------
    InputError
        If the file cannot be read; the only problem tells why.
    """
    try:
        if file.kind == "xlsx":
            yield from _open_xlsx(cursor, file, fits, has_header, sheets)
        elif file.kind == "csv":
            with as_utf8(file.absolute, encoding) as path:
                found = _csv_header(path, fits)
                # DuckDB does not count lines before a header as one would.
                with from_byte(path, found.bytes_before) as lines:
                    yield _open_csv(file, lines, found, has_header)
        else:
            yield _open_parquet(cursor, file)
    except READ_ERRORS as error:
        raise InputError([unreadable(file, error, encoding, variable)]) from error


def open_relation(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    variable: str = "transactions_relation",
) -> Table:
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
                f"{variable}: {shown(name)} cannot be read: "
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
    setting = variable.replace("_path", "_encoding")
    likely = likely_encoding(file.absolute)
    return (
        f"{variable}: {shown(file.path, 300)} is not encoded in {encoding}{where}; it "
        f"looks like {likely}. Say how it is encoded: --vars '{{{setting}: {likely}}}'."
    )


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


def _open_csv(
    file: InputFile, path: str, found: "_CsvHeader", has_header: bool
) -> Table:
    """Describe a CSV file; `path` is the part from the header on, in UTF-8."""
    header = found.header if has_header else numbered(len(found.header))
    columns = tuple(f"c{i}" for i in range(len(header)))
    named = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in columns)
    # Guessed line ends can be wrong after a quoted header, and then no row is found.
    ends = {"\n": r", new_line = '\n'", "\r\n": r", new_line = '\r\n'"}
    source = (
        f"read_csv({file_literal(path)}, auto_detect = false, "
        f"header = {str(has_header).lower()}, "
        f"delim = {literal(found.delimiter)}, quote = '\"', escape = '\"', "
        f"compression = 'none'{ends.get(found.line_end, '')}, "
        f"columns = {{{named}}})"
    )
    types = ("VARCHAR",) * len(header)
    return Table(file.path, file.kind, None, header, columns, types, source)


def numbered(count: int) -> tuple[str, ...]:
    """Return the names of columns that have none: column 1, column 2 ..."""
    return tuple(f"column {number}" for number in range(1, count + 1))


@dataclass(frozen=True)
class _CsvHeader:
    """Where the header of a CSV file stands, and how it is written."""

    header: tuple[str, ...]
    delimiter: str
    line_end: str
    bytes_before: int


def _csv_header(path: str, fits: Fits) -> _CsvHeader:
    """Find the header: the first row that fits, else the first of all.

    Read by ourselves: DuckDB would rename repeats and guess quotes.
    """
    rows: list[_CsvHeader] = []
    bytes_before = 0
    # utf-8-sig drops the mark that Excel puts before the first header.
    with open(path, encoding="utf-8-sig", newline="") as text:
        while len(rows) < HEADER_LINES and (start := text.readline()):
            # A quoted header may go over several lines.
            while start.count('"') % 2 and (line := text.readline()):
                start += line
            rows.append(_csv_row(start, bytes_before))
            # The mark at its beginning is of the first row.
            bytes_before = bytes_before or mark_length(path)
            bytes_before += len(start.encode())
    found = next((r for r in rows if any(r.header) and fits(r.header)), None)
    if found:
        return found
    _refuse_baskets(rows)
    if not rows or not any(rows[0].header):
        raise csv.Error("the first line is blank, where the header should stand")
    return rows[0]


def _csv_row(line: str, bytes_before: int) -> _CsvHeader:
    rows = {
        delimiter: next(
            csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), []
        )
        for delimiter in DELIMITERS
    }
    best = max(DELIMITERS, key=lambda delimiter: len(rows[delimiter]))
    line_end = line[len(line.rstrip("\r\n")) :]
    header = tuple(name.strip() for name in rows[best])
    return _CsvHeader(header, best, line_end, bytes_before)


def _refuse_baskets(rows: list[_CsvHeader]) -> None:
    """Refuse a file with one basket per line: rows of words, of different lengths."""
    lengths = {len(row.header) for row in rows}
    words = [cell for row in rows for cell in row.header if cell]
    are_words = not any(re.search(r"\d{2}", word) for word in words)
    if len(rows) > 2 and len(lengths) > 2 and are_words:
        raise csv.Error(
            "it seems to hold one basket per line (lines of "
            f"{', '.join(str(n) for n in sorted(lengths))} items), without dates. "
            "Write one item per line: customer-analytics unfold baskets.csv "
            "orders.csv --date 2024-01-31"
        )


def _open_xlsx(
    cursor: duckdb.DuckDBPyConnection,
    file: InputFile,
    fits: Fits,
    has_header: bool,
    sheets: tuple[str, ...],
) -> Iterator[Table]:
    workbook = fastexcel.read_excel(file.absolute)
    unknown = [name for name in sheets if name not in workbook.sheet_names]
    if unknown:
        raise InputError(
            [
                f"transactions_sheets: {shown(file.path, 300)} has no sheet "
                f"{shown_list(unknown)}. It has {shown_list(workbook.sheet_names)}."
            ]
        )
    for name in sheets or workbook.sheet_names:
        rows = _sheet_rows(workbook, name)
        if not rows:
            continue
        first = next((i for i, row in enumerate(rows) if any(row) and fits(row)), 0)
        header = rows[first] if has_header else numbered(len(rows[0]))
        # As text, so that a column of 85048 and '79323P' keeps both as written.
        sheet = workbook.load_sheet(
            name,
            dtypes="string",
            header_row=None,
            skip_rows=first + 1 if has_header else 0,
        )
        columns = tuple(f"c{i}" for i in range(sheet.width))
        header = (*header, *("",) * len(columns))[: len(columns)]
        cursor.register(SHEET_VIEW, sheet)
        source = f"{SHEET_VIEW} as sheet({', '.join(columns)})"
        types = ("VARCHAR",) * len(header)
        try:
            yield Table(
                file.path, file.kind, name, header, columns, types, source, sheet.height
            )
        finally:
            cursor.unregister(SHEET_VIEW)


def _sheet_rows(workbook: fastexcel.ExcelReader, name: str) -> list[tuple[str, ...]]:
    """Return the first rows of a sheet as text; none if it is empty."""
    first = workbook.load_sheet(
        name, dtypes="string", header_row=None, n_rows=HEADER_LINES
    )
    if not first.width:
        return []
    rows = duckdb.connect().register("first", first).execute("from first").fetchall()
    return [tuple(str(value or "").strip() for value in row) for row in rows]


def _describe(
    cursor: duckdb.DuckDBPyConnection, source: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = cursor.execute(f"describe select * from {source}").fetchall()
    return tuple(row[0] for row in rows), tuple(row[1] for row in rows)


def _scalar(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(cursor.execute(query).fetchall()[0][0])
