"""Quoting for SQL texts that have to be put together."""

import glob
import re


def literal(value: object) -> str:
    """Return a SQL literal: NULL, a number, or text in single quotes."""
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def identifier(*parts: str | None) -> str:
    """Return a quoted, dotted name; parts that are None or '' are left out."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts if part)


def file_literal(path: str) -> str:
    """Return a path as a literal that DuckDB does not take for a glob."""
    return literal(glob.escape(path))


def name_parts(name: str) -> list[str]:
    """Split a dotted name, whose parts may be in double quotes."""
    return [
        part[1:-1].replace('""', '"') if part.startswith('"') else part
        for part in re.findall(r'"(?:[^"]|"")+"|[^."]+', name)
    ]
