"""Run whenever files of orders come or change, or a table: the near-real-time mode.

A file is taken once it has looked the same twice, so that one that is still being
written is not read. A file that cannot be used is set aside until it changes, and the
others are taken all the same. A table is watched like a single file.
"""

import glob
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from customer_analytics.input.settings import Settings
from customer_analytics.input.store import relation_fingerprint

# By path, when a file changed and its bytes; by name, the hash of a table's rows.
Stamps = dict[str, tuple[int, int] | str]


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes
    ----------
    succeeded : bool
        Whether its tables were published.
    told : str
        What was done, or why it failed, in a line.
    """

    succeeded: bool
    told: str


def look(pattern: str) -> Stamps:
    """Return time of change and size of each file of a path or glob.

    Parameters
    ----------
    pattern : str

    Returns
    -------
    dict of str to (int, int)
        Nanoseconds since 1970 of the last change, and bytes, by path.
    """
    path = os.path.expanduser(pattern)
    names = [path] if os.path.isfile(path) else glob.glob(path, recursive=True)
    found = {}
    for name in sorted(names):
        try:
            state = os.stat(name)
        except FileNotFoundError:
            continue
        if os.path.isfile(name):
            found[name] = (state.st_mtime_ns, state.st_size)
    return found


@dataclass
class TableLook:
    """Looks at a table, and reads it only where a file that it may be in has changed.

    Attributes
    ----------
    table : str
        As ``transactions_relation`` names it.
    attachments : sequence of str
        SQL that attaches the databases it may be in, for reading.
    files : sequence of Path
        Of these databases; none where one is no file: then every look reads.
    """

    table: str
    attachments: Sequence[str]
    files: Sequence[Path]
    _files_seen: Stamps = field(default_factory=dict)
    _found: Stamps = field(default_factory=dict)

    def __call__(self) -> Stamps:
        """Return the hash of the table's rows by its name, or nothing without one.

        While others write, the table is what it was.
        """
        names = (f"{path}{end}" for path in self.files for end in ("", ".wal"))
        files = {name: stamp for each in names for name, stamp in look(each).items()}
        if self.files and files == self._files_seen:
            return self._found
        try:
            with duckdb.connect() as connection:
                for statement in self.attachments:
                    connection.execute(statement)
                print_of_rows = relation_fingerprint(connection, self.table, Settings())
            self._found = {self.table: print_of_rows}
        except duckdb.CatalogException:
            self._found = {}
        except duckdb.IOException:
            return self._found
        self._files_seen = files
        return self._found


@dataclass
class Watch:
    """What has been seen, taken and set aside.

    Attributes
    ----------
    look : callable
        Returns what there is now: order files, or the table, with their stamps.
    run : callable
        Takes the paths that are to be left out; builds and publishes.
    say : callable
        Takes a line about each round.
    """

    look: Callable[[], Stamps]
    run: Callable[[Sequence[str]], Outcome]
    say: Callable[[str], None]
    _seen: Stamps = field(default_factory=dict)
    _taken: Stamps = field(default_factory=dict)
    _set_aside: Stamps = field(default_factory=dict)

    def round(self) -> bool:
        """Look once, and run where there is something new.

        Returns
        -------
        bool
            Whether anything was published.
        """
        now = self.look()
        settled = {
            path: stamp for path, stamp in now.items() if self._seen.get(path) == stamp
        }
        self._seen = now
        usable = {
            path: stamp
            for path, stamp in settled.items()
            if self._set_aside.get(path) != stamp
        }
        if not usable or usable == self._taken:
            return False
        new = sorted(
            (path for path, stamp in usable.items() if self._taken.get(path) != stamp),
            key=lambda path: (usable[path], path),
        )
        outcome = self._try(usable)
        if outcome.succeeded:
            self.say(f"{self._named(new, usable)}: {outcome.told}")
            return True
        if len(new) < 2:
            self._reject(new, usable, outcome)
            return False
        # One of them is to blame; those that are not are taken.
        kept = {path: stamp for path, stamp in usable.items() if path not in new}
        any_succeeded = False
        for path in new:
            outcome = self._try(kept | {path: usable[path]})
            if outcome.succeeded:
                kept[path] = usable[path]
                any_succeeded = True
                self.say(f"{self._named([path], kept)}: {outcome.told}")
            else:
                self._reject([path], kept, outcome)
        return any_succeeded

    def _try(self, files: Stamps) -> Outcome:
        outcome = self.run(sorted(self._seen.keys() - files.keys()))
        if outcome.succeeded:
            self._taken = files
        return outcome

    def _reject(self, new: Sequence[str], files: Stamps, outcome: Outcome) -> None:
        for path in new:
            self._set_aside[path] = self._seen[path]
        if not new:
            # Files are gone, and what is left cannot be built: not tried again until
            # something changes.
            self._taken = files
        names = ", ".join(Path(path).name for path in new) or "files were removed"
        self.say(f"set aside {names}, published tables stay: {outcome.told}")

    def _named(self, new: Sequence[str], files: Stamps) -> str:
        if not new:
            return f"{len(files)} left"
        names = ", ".join(Path(path).name for path in new[:3])
        return f"{names} and {len(new) - 3} more" if len(new) > 3 else names
