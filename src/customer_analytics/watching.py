"""Run whenever files of orders come or change: the near-real-time mode.

A file is taken once it has looked the same twice, so that one that is still being
written is not read. A file that cannot be used is set aside until it changes, and the
others are taken all the same.
"""

import glob
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Stamps = dict[str, tuple[int, int]]


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
    """Return size and time of change of each file of a path or glob.

    Parameters
    ----------
    pattern : str

    Returns
    -------
    dict of str to (int, int)
        Bytes, and nanoseconds since 1970, by path.
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
            found[name] = (state.st_size, state.st_mtime_ns)
    return found


@dataclass
class Watch:
    """What has been seen, taken and set aside.

    Attributes
    ----------
    pattern : str
        Path or glob of the order files.
    run : callable
        Takes the paths of the pattern that are to be left out; builds and publishes.
    say : callable
        Takes a line about each round.
    """

    pattern: str
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
        now = look(self.pattern)
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
            key=lambda path: (usable[path][1], path),
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
