"""First build, build of the next day, score, beside the commit before the floors."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from benchmarks.builds import ONLINE_RETAIL, ROOT, SAMPLE
from benchmarks.measure import Measured, run_measured
from benchmarks.report import print_table, show_bytes, show_seconds

# The last commit in which a new day repeated every fit.
BEFORE = "c44c483"
# Of the real log, and of the bundled sample: the log ends before each of these days.
DAYS = {
    ONLINE_RETAIL: ("2011-12-08", "2011-12-09", "2011-12-10"),
    SAMPLE: ("2025-06-10", "2025-06-11", "2025-06-12"),
}


def run(*, quick: bool) -> None:
    path = SAMPLE if quick or not ONLINE_RETAIL.exists() else ONLINE_RETAIL
    first, next_day, day_after = DAYS[path]
    with tempfile.TemporaryDirectory() as name, _checkout(BEFORE, Path(name)) as before:
        folder = Path(name)
        orders = folder / "orders.parquet"

        def taken(project: Path, command: str, day: str, into: str) -> Measured:
            # The same file with a day more in it, as a shop's export is.
            duckdb.sql(
                f"copy (from '{path}' where InvoiceDate < '{day}') to '{orders}' "
                "(format parquet)"
            )
            return _run(project, command, orders, folder / into)

        steps = [
            (f"first build, {BEFORE}", taken(before, "build", first, "before_home")),
            ("first build", taken(ROOT, "build", first, "home")),
            ("the same, next day", taken(ROOT, "build", next_day, "home")),
            ("score, day after", taken(ROOT, "score", day_after, "home")),
        ]
    base = steps[0][1].cpu_seconds
    print_table(
        f"customer-analytics build and score of {path.name}",
        ["", "processors", "ratio", "wall", "peak memory"],
        [
            [
                step,
                "n/a" if taken.cpu_seconds is None else show_seconds(taken.cpu_seconds),
                f"{taken.cpu_seconds / base:.2f}"
                if base and taken.cpu_seconds
                else "n/a",
                show_seconds(taken.seconds),
                show_bytes(taken.peak_rss),
            ]
            for step, taken in steps
        ],
    )


@contextmanager
def _checkout(commit: str, folder: Path) -> Iterator[Path]:
    path = folder / "before"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", path, commit], check=True)
    try:
        yield path
    finally:
        subprocess.run([*git, "remove", "--force", path], check=True)


def _run(project: Path, command: str, path: Path, folder: Path) -> Measured:
    folder.mkdir(exist_ok=True)
    return run_measured(
        [
            *(sys.executable, "-c"),
            "import sys; from customer_analytics.cli import main; sys.exit(main())",
            *(command, "--transactions", str(path)),
        ],
        cwd=project,
        log_path=folder / "log",
        environment={
            "PYTHONPATH": str(project / "src"),
            "DBT_PROFILES_DIR": str(project),
            "DBT_TARGET_PATH": str(folder / "target"),
            "CUSTOMER_ANALYTICS_WAREHOUSE": str(folder / "warehouse"),
        },
    )
