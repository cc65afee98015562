"""Online Retail II as the workbook it was published as."""

import multiprocessing
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb
import xlsxwriter

# Sheet: first row in the Parquet file, number of rows.
SHEETS = {"Year 2009-2010": (0, 525_461), "Year 2010-2011": (525_461, 541_910)}


def write_workbook(source: Path, path: Path) -> None:
    """Write both sheets, each in a process of its own: a minute becomes half of it."""
    parts = {name: path.with_name(f"{name}.xlsx") for name in SHEETS}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        jobs = [pool.submit(_write, source, parts[name], name) for name in SHEETS]
        for job in jobs:
            job.result()
    _join(list(parts.values()), path)


def _write(source: Path, path: Path, filled: str) -> None:
    """Write a workbook with all sheets, of which one is filled."""
    start, count = SHEETS[filled]
    lines = duckdb.sql(f"from '{source}' limit {count} offset {start}")
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        date_format = workbook.add_format({"num_format": "m/d/yyyy h:mm"})
        for name in SHEETS:
            worksheet = workbook.add_worksheet(name)
            if name == filled:
                for position, header in enumerate(lines.columns):
                    worksheet.write_string(0, position, header)
                _write_rows(worksheet, date_format, lines.fetchall())


def _write_rows(
    worksheet: xlsxwriter.worksheet.Worksheet,
    date_format: xlsxwriter.format.Format,
    rows: list[tuple],
) -> None:
    for i, (invoice, code, text, units, moment, price, customer, country) in enumerate(
        rows, start=1
    ):
        # Codes of digits are numbers there, the others of the same column text.
        for position, value in ((0, invoice), (1, code)):
            if value.isdigit():
                worksheet.write_number(i, position, int(value))
            else:
                worksheet.write_string(i, position, value)
        if text is not None:
            worksheet.write_string(i, 2, text)
        worksheet.write_number(i, 3, units)
        worksheet.write_datetime(i, 4, moment, date_format)
        worksheet.write_number(i, 5, price)
        if customer is not None:
            worksheet.write_number(i, 6, customer)
        worksheet.write_string(i, 7, country)


def _join(parts: list[Path], path: Path) -> None:
    """Take the nth sheet from the nth workbook; all else in them is alike."""
    sheets = {f"xl/worksheets/sheet{i}.xml": p for i, p in enumerate(parts, start=1)}
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as joined,
        zipfile.ZipFile(parts[0]) as first,
    ):
        for name in first.namelist():
            with zipfile.ZipFile(sheets.get(name, parts[0])) as part:
                joined.writestr(name, part.read(name))
