"""A whole `dbt build`, tests included, as a user runs it: cold, then warm."""

import tempfile
from pathlib import Path

from benchmarks.builds import KINDS, online_retail_path, run_build
from benchmarks.report import print_table, show_bytes, show_seconds


def run(*, quick: bool) -> None:
    path, name = online_retail_path()
    repetitions = 1 if quick else 2
    builds = []
    for _ in range(repetitions):
        with tempfile.TemporaryDirectory() as folder:
            for start in ("cold", "warm"):
                builds.append((start, run_build(path, Path(folder))))
    splits = [build.split() for _, build in builds]
    rest = next(key for key in splits[0] if key not in KINDS.values())
    print_table(
        f"dbt build of {name}: cold = all files parsed, warm = the next build",
        ["", *(start for start, _ in builds)],
        [
            ["seconds in all", *(show_seconds(b.measured.seconds) for _, b in builds)],
            *(
                [f"  {kind}", *(show_seconds(split[kind]) for split in splits)]
                for kind in (*KINDS.values(), rest)
            ),
            ["peak memory", *(show_bytes(b.measured.peak_rss) for _, b in builds)],
            ["warehouse file", *(show_bytes(b.warehouse_bytes) for _, b in builds)],
        ],
    )
    print_table(
        "slowest models (last build)",
        ["model", "seconds"],
        [[n, show_seconds(s)] for n, s in builds[-1][1].slowest_models(8)],
    )
