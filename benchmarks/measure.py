"""Run a command and measure it from outside: seconds, peak memory, temporary files."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.1
LOG_TAIL_LINES = 40
# A run that spills must not fill the disk that others work on.
LEAST_FREE_BYTES = 2e9
# The kernel counts in kibibytes on Linux and in bytes on macOS.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Measured:
    """What one command took.

    Attributes
    ----------
    seconds : float
        Wall time, the start of the process included.
    cpu_seconds : float or None
        Time of all processors, in the process and in the system; None where the
        platform does not say (Windows).
    peak_rss : int or None
        Bytes resident at most; None where the platform does not say (Windows).
    peak_spill : int
        Bytes of temporary files at most, as seen every tenth of a second.
    log : str
        What the command wrote.
    """

    seconds: float
    cpu_seconds: float | None
    peak_rss: int | None
    peak_spill: int
    log: str


def run_measured(
    command: Sequence[str],
    *,
    log_path: Path,
    cwd: Path,
    environment: dict[str, str] | None = None,
    spill_folder: Path | None = None,
) -> Measured:
    """Run a command to its end.

    Parameters
    ----------
    command : sequence of str
    log_path : Path
        Gets everything the command writes.
    cwd : Path
        Folder to run in.
    environment : dict of str to str, optional
        Variables set in addition to those of this process.
    spill_folder : Path, optional
        Folder whose size is watched; need not exist.

    Returns
    -------
    Measured

    Raises
    ------
    RuntimeError
        If the command fails (the message ends with the end of its output), or is
        stopped because it nearly filled the disk.
    """
    peak_spill = 0
    with log_path.open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=os.environ | (environment or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            while (ended := _poll(process)) is None:
                if spill_folder:
                    peak_spill = max(peak_spill, folder_bytes(spill_folder))
                    if shutil.disk_usage(log_path.parent).free < LEAST_FREE_BYTES:
                        raise RuntimeError(
                            f"disk full, {peak_spill / 1e9:.0f} GB spilled; the end of "
                            f"the output:\n{_tail(log_path)}"
                        )
                time.sleep(POLL_SECONDS)
            seconds = time.perf_counter() - started
        except BaseException:
            process.kill()
            process.wait()
            raise
    exit_code, cpu_seconds, peak_rss = ended
    if exit_code:
        raise RuntimeError(
            f"{' '.join(command)}\nended with {exit_code}:\n{_tail(log_path)}"
        )
    text = log_path.read_text(encoding="utf-8", errors="replace")
    return Measured(seconds, cpu_seconds, peak_rss, peak_spill, text)


def _tail(log_path: Path) -> str:
    text = log_path.read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-LOG_TAIL_LINES:])


def own_peak_rss() -> int | None:
    """Return the bytes this process has had resident at most."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT


def folder_bytes(folder: Path) -> int:
    """Return the size of the files in a folder, 0 if there is none."""
    size = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    size += entry.stat().st_size
                except FileNotFoundError:  # removed while we look
                    continue
    except FileNotFoundError:
        return 0
    return size


def _poll(process: subprocess.Popen) -> tuple[int, float | None, int | None] | None:
    """Return exit code, processor time and peak memory once the process has ended."""
    if not hasattr(os, "wait4"):  # Windows
        exit_code = process.poll()
        return None if exit_code is None else (exit_code, None, None)
    # Not RUSAGE_CHILDREN: that is the largest of all children there ever were.
    pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    if pid == 0:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return process.returncode, cpu_seconds, usage.ru_maxrss * RSS_UNIT
