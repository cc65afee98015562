"""Build ever more generated lines, to see whether the cost of a line stays flat."""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.builds import FITTED, ROOT, Build, run_build
from benchmarks.measure import run_measured
from benchmarks.report import print_table, show_bytes, show_seconds

SEED = 1
# 100 million lines need 0.6 GB of Parquet and about 60 GB of tables and spill.
FREE_BYTES_PER_LINE = 600


@dataclass(frozen=True)
class Case:
    """How many lines are built with which DuckDB memory limit (None = 75 %)."""

    line_count: int
    memory_limit: str | None = None


def run(*, quick: bool) -> None:
    if quick:
        _run([Case(100_000), Case(1_000_000)])
    else:
        _run([Case(1_000_000), Case(10_000_000, "2GB")])


def run_100m(*, quick: bool) -> None:
    _run([Case(10_000_000 if quick else 100_000_000, "8GB")])


def _run(cases: Sequence[Case]) -> None:
    done: list[tuple[Case, Build]] = []
    with tempfile.TemporaryDirectory() as root:
        largest = max(case.line_count for case in cases)
        free = shutil.disk_usage(root).free
        if free < largest * FREE_BYTES_PER_LINE:
            raise RuntimeError(
                f"{largest:,} lines need {show_bytes(largest * FREE_BYTES_PER_LINE)} "
                f"free in {root}, there are {show_bytes(free)}; set TMPDIR"
            )
        for number, case in enumerate(cases):
            data, folder = Path(root, f"{case.line_count}"), Path(root, f"run{number}")
            folder.mkdir()
            if not data.exists():
                _generate(case.line_count, data)
            build = run_build(
                data / "*.parquet",
                folder,
                arguments=["--exclude", *FITTED],
                memory_limit=case.memory_limit,
            )
            shutil.rmtree(folder)
            done.append((case, build))
            print(f"  built {case.line_count:,} lines", flush=True)
    _report(done)


def _generate(line_count: int, folder: Path) -> None:
    folder.mkdir()
    script = (
        "import sys; from customer_analytics.sample import stream_transactions; "
        "stream_transactions(int(sys.argv[1]), sys.argv[2], seed=int(sys.argv[3]))"
    )
    # In a process of its own: its memory must not count as the build's.
    made = run_measured(
        [sys.executable, "-c", script, str(line_count), str(folder), str(SEED)],
        cwd=ROOT,
        log_path=folder.parent / "generate.log",
    )
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(
        f"  generated {line_count:,} lines: {show_seconds(made.seconds)}, "
        f"{show_bytes(size)} of Parquet, peak memory {show_bytes(made.peak_rss)}",
        flush=True,
    )


def _report(done: Sequence[tuple[Case, Build]]) -> None:
    rows = []
    for case, build in done:
        split = build.split()
        rows.append(
            [
                f"{case.line_count:,}",
                case.memory_limit or "75%",
                show_seconds(build.measured.seconds),
                show_seconds(split["models"]),
                show_seconds(split["data tests"]),
                show_seconds(split["reading the input"]),
                f"{build.measured.seconds / case.line_count * 1e6:.2f}",
                f"{split['models'] / case.line_count * 1e6:.2f}",
                show_bytes(build.measured.peak_rss),
                show_bytes(build.measured.peak_spill),
                show_bytes(build.warehouse_bytes),
            ]
        )
    print_table(
        "dbt build without unit tests, by size (us = microseconds per line)",
        [
            *("lines", "limit", "wall", "models", "data tests", "input"),
            *("us wall", "us models", "peak memory", "spilled", "warehouse"),
        ],
        rows,
    )
    names = [name for name, _ in done[-1][1].slowest_models(10)]
    print_table(
        "microseconds per line of the slowest models",
        ["model", *(f"{c.line_count:,} {c.memory_limit or ''}" for c, _ in done)],
        [
            [
                name,
                *(
                    f"{dict(b.slowest_models(1000))[name] / c.line_count * 1e6:.3f}"
                    for c, b in done
                ),
            ]
            for name in names
        ],
    )
