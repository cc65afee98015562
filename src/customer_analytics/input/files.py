"""Which files the settings name."""

import glob
import os
from collections.abc import Iterable
from dataclasses import dataclass

from customer_analytics.input.problems import (
    InputError,
    counted,
    set_variable,
    shown,
    shown_list,
)

KINDS = {".parquet": "parquet", ".csv": "csv", ".csv.gz": "csv", ".xlsx": "xlsx"}


@dataclass(frozen=True)
class InputFile:
    """One file.

    Attributes
    ----------
    path : str
        As the user named it, or as the glob found it.
    kind : {'parquet', 'csv', 'xlsx'}
    """

    path: str
    kind: str

    @property
    def absolute(self) -> str:
        """The path from the root, for views that outlive the working directory."""
        return absolute(self.path)


def absolute(path: str) -> str:
    """Return a path from the root."""
    return os.path.abspath(os.path.expanduser(path))


def find_files(
    pattern: str, *, variable: str, leave_out: Iterable[str] = ()
) -> list[InputFile]:
    """Return the files of a path or glob, sorted.

    Parameters
    ----------
    pattern : str
        A path (also one that holds glob characters), or a glob.
    variable : str
        The dbt variable it came from, for messages.
    leave_out : iterable of str
        Absolute paths that a glob does not mean.

    Raises
    ------
    InputError
        If nothing matches, or a match is empty or of no known kind.
    """
    matches = _matches(pattern, set(leave_out))
    if not matches:
        raise InputError(
            [
                f"{variable}: no file matches {shown(pattern, 300)} (working "
                f"directory {os.getcwd()}). Correct the path: "
                f"{set_variable(variable, 'path/to/file.csv')}; Parquet, CSV, CSV.gz "
                "or XLSX, one file or a glob."
            ]
        )
    problems = _unknown_kinds(matches, variable)
    files = [InputFile(path, kind) for path in matches if (kind := kind_of(path))]
    problems += [
        f"{variable}: {shown(file.path, 300)} is empty (0 bytes). Export it again, or "
        f"{set_variable(variable, 'path/to/file.csv')} to another file."
        for file in files
        if os.path.getsize(file.absolute) == 0
    ]
    if problems:
        raise InputError(problems)
    return files


def kind_of(path: str) -> str | None:
    """Return how a file is read, by the end of its name; None = unknown."""
    name = path.lower()
    return next((kind for end, kind in KINDS.items() if name.endswith(end)), None)


def file_beside(path: str, name: str) -> str:
    """Return the file of a name, of any kind, in the folder of `path`, or ''."""
    folder = os.path.dirname(path)
    for end in KINDS:
        candidate = os.path.join(folder, name + end)
        if os.path.isfile(os.path.expanduser(candidate)):
            return candidate
    return ""


def _matches(pattern: str, leave_out: set[str]) -> list[str]:
    path = os.path.expanduser(pattern)
    if os.path.isfile(path):
        return [pattern]
    found = sorted(f for f in glob.glob(path, recursive=True) if os.path.isfile(f))
    return [f for f in found if os.path.abspath(f) not in leave_out]


def _unknown_kinds(paths: list[str], variable: str) -> list[str]:
    unknown = [path for path in paths if kind_of(path) is None]
    if not unknown:
        return []
    return [
        f"{variable}: the name of {counted(len(unknown), 'file')} ends in nothing "
        f"known: {shown_list(unknown, 3)}. Use {', '.join(KINDS)}, or change the path: "
        f"{set_variable(variable, 'path/to/*.csv')}."
    ]
