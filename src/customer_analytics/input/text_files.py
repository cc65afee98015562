"""CSV files of any encoding, zipped or not, as files that DuckDB can read."""

import codecs
import gzip
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import charset_normalizer

# The mark at the beginning of a file says more than any setting. The longer ones first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF_8 = ("utf-8", "utf-8-sig", "ascii")
# What Windows writes in Western Europe and the Americas; what is alike to it is often
# guessed of a few accents.
_WESTERN = "cp1252"
_ALIKE = (
    "cp1250",
    "cp1252",
    "cp1254",
    "cp1257",
    "latin",
    "iso8859",
    "mac_",
    "cp437",
    "cp85",
    "hp_roman8",
    "cp1006",
)
_SAMPLE_BYTES = 1_000_000
# Fewer letters beyond ASCII tell nothing of the alphabet.
_TELLING_BYTES = 200
_COPIED_CHARACTERS = 1 << 20


@contextmanager
def as_utf8(path: str, encoding: str) -> Iterator[str]:
    """Give a CSV file in UTF-8: itself, or a temporary copy.

    Parameters
    ----------
    path : str
        A file; zipped if its name ends in .gz, and then read to its checksum.
    encoding : str
        As it was set; a byte-order mark in the file goes before it.

    Yields
    ------
    str
        The path of a file in UTF-8 that is not zipped.

    Raises
    ------
    UnicodeError
        If the file is not in that encoding.
    OSError, EOFError, zlib.error
        If it cannot be unzipped.
    """
    is_zipped = path.lower().endswith(".gz")
    with gzip.open(path) if is_zipped else open(path, "rb") as raw:
        encoding = _marked(raw) or encoding
        if encoding in _UTF_8 and not is_zipped:
            yield path
            return
        handle, copied = tempfile.mkstemp(suffix=".csv", prefix="customer_analytics_")
        try:
            with os.fdopen(handle, "wb") as target:
                _copy(raw, target, encoding)
            yield copied
        finally:
            os.unlink(copied)


@contextmanager
def from_byte(path: str, start: int) -> Iterator[str]:
    """Give a file without its first bytes: itself, or a temporary copy."""
    if not start:
        yield path
        return
    handle, copied = tempfile.mkstemp(suffix=".csv", prefix="customer_analytics_")
    try:
        with os.fdopen(handle, "wb") as target, open(path, "rb") as source:
            source.seek(start)
            shutil.copyfileobj(source, target)
        yield copied
    finally:
        os.unlink(copied)


def likely_encoding(path: str) -> str:
    """Return the encoding that a CSV file is probably in, by what stands in it."""
    opened = gzip.open(path) if path.lower().endswith(".gz") else open(path, "rb")
    with opened as raw:
        sample = raw.read(_SAMPLE_BYTES)
    lines = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    if sum(byte > 127 for byte in lines) < _TELLING_BYTES:
        return _WESTERN
    best = charset_normalizer.from_bytes(lines).best()
    if best is None or best.encoding.startswith(_ALIKE):
        return _WESTERN
    return best.encoding.replace("_", "-")


def mark_length(path: str) -> int:
    """Return how many bytes the byte-order mark of a UTF-8 file takes: 3 or none."""
    with open(path, "rb") as file:
        return 3 if file.read(3) == codecs.BOM_UTF8 else 0


def _marked(raw: BinaryIO) -> str | None:
    """Return the encoding that a byte-order mark names; leave the file at its start."""
    start = raw.read(4)
    raw.seek(0)
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)


def _copy(raw: BinaryIO, target: BinaryIO, encoding: str) -> None:
    if encoding in _UTF_8:
        shutil.copyfileobj(raw, target)
        return
    reader = codecs.getreader(encoding)(raw, errors="strict")
    while text := reader.read(_COPIED_CHARACTERS):
        target.write(text.encode())
