"""The SQL of the models against the same tables in plain pandas.

Each runs in a process of its own, in turn, and only the work is timed: no start-up, no
import, no dbt. The SQL runs twice: into the warehouse file, as a build does, and into
memory, where pandas keeps its tables. A Python model among them counts with the time
dbt took for it. What they give is compared cell by cell.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.builds import ROOT, online_retail_path, run_build
from benchmarks.measure import own_peak_rss, run_measured
from benchmarks.report import print_table, show_bytes, show_seconds

# Step of the pandas baseline: the models that do the same.
STEPS = {
    "clean, line ids": [
        *("stg_transactions", "int_described_lines", "int_transaction_lines"),
        "int_as_of_date",
    ],
    "returns": ["int_return_candidates", "int_returned_units", "int_return_matches"],
    "line tables": ["order_lines", "excluded_lines"],
    "orders": ["int_usual_prices", "int_orders", "orders"],
    "rfm, rfm history": [
        *("int_snapshot_dates", "int_history_dates", "int_order_snapshots"),
        "int_order_gaps",
        *("int_customer_countries", "int_customer_snapshots"),
        *("customer_rfm_history", "customer_rfm"),
    ],
    "cohorts": ["cohort_retention"],
}
# What must be equal: the key, and the columns compared.
COMPARED = {
    "order_lines": (
        ["order_line_id"],
        [
            *("order_id", "customer_id", "product_id", "line_type", "country"),
            *("quantity", "unit_price", "line_amount", "matched_return_quantity"),
        ],
    ),
    "orders": (
        ["order_id"],
        [
            *("customer_id", "country", "order_number", "line_count"),
            *("product_count", "unit_count", "days_since_previous_order"),
            *("gross_amount", "returned_amount", "net_amount", "is_first_order"),
            *("is_fully_returned", "ordered_at"),
        ],
    ),
    "customer_rfm": (
        ["customer_id"],
        [
            *("recency_days", "order_count", "net_amount", "recency_score"),
            *("frequency_score", "monetary_score", "rfm_score", "rfm_segment"),
        ],
    ),
    "customer_rfm_history": (
        ["snapshot_date", "customer_id"],
        ["recency_days", "order_count", "net_amount", "rfm_score", "rfm_segment"],
    ),
    "cohort_retention": (
        ["cohort_month", "order_month"],
        [
            *("month_number", "cohort_size", "active_customer_count", "order_count"),
            *("net_amount", "retention_rate", "cumulative_amount_per_customer"),
            "is_complete",
        ],
    ),
}
MONEY_TOLERANCE = 0.001
SEEDS = ("non_product_codes", "countries", "rfm_segments")
SIDES = ("SQL to file", "SQL to memory", "pandas")


def run(*, quick: bool) -> None:
    path, name = online_retail_path()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        models = [f"+{model}" for model in COMPARED] + ["+excluded_lines"]
        # Makes the raw tables, the seeds and the compiled SQL.
        run_build(
            path,
            folder,
            arguments=[
                *("--select", *models),
                *("--exclude-resource-type", "test"),
            ],
        )
        runs = {side: [] for side in SIDES}
        for _ in range(1 if quick else 3):
            for side in SIDES:
                runs[side].append(_in_process(side, path, folder))
    _report(name, runs)


def _in_process(side: str, path: Path, folder: Path) -> dict:
    """Run one side in a fresh process; return its seconds by step and memory."""
    measured = run_measured(
        [
            *(sys.executable, "-m", "benchmarks.sql_against_pandas"),
            *(side, str(path), str(folder)),
        ],
        cwd=ROOT,
        log_path=folder / f"{side}.log",
    )
    return json.loads(measured.log.splitlines()[-1])


def run_sql(folder: Path, *, in_memory: bool) -> dict:
    """Run the compiled models one after the other in one connection."""
    built = _built(folder)
    python = [node for node, _ in built if node["language"] == "python"]
    seconds = {}
    with duckdb.connect() as connection:
        warehouse = folder / "warehouse" / "build.duckdb"
        if in_memory:
            tables = [node["relation_name"].partition(".")[2] for node in python]
            _copy_inputs(connection, warehouse, tables)
        else:
            connection.execute(f"attach '{warehouse}' as build")
        connection.execute("use build; set TimeZone = 'UTC'")
        for node, taken_in_dbt in built:
            if node in python:  # its table is there already
                seconds[node["name"]] = taken_in_dbt
                continue
            select = Path(ROOT, node["compiled_path"]).read_text(encoding="utf-8")
            kind = node["config"]["materialized"]
            started = time.perf_counter()
            connection.execute(
                f"create or replace {kind} {node['relation_name']} as {select}"
            )
            seconds[node["name"]] = time.perf_counter() - started
    return {"seconds": seconds, "peak_rss": own_peak_rss()}


def _copy_inputs(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, python_tables: list[str]
) -> None:
    """Make a warehouse in memory of the raw view, the seeds, and what Python made."""
    connection.execute(f"attach '{warehouse}' as built (read_only)")
    connection.execute("attach ':memory:' as build")
    for schema in ("raw", "staging", "intermediate", "marts", "reference"):
        connection.execute(f"create schema build.{schema}")
    for table in [f"reference.{seed}" for seed in SEEDS] + python_tables:
        connection.execute(f"create table build.{table} as from built.{table}")
    views = connection.execute(
        "select sql from duckdb_views() where database_name = 'built' "
        "and schema_name = 'raw' and view_name = 'transactions'"
    ).fetchall()
    connection.execute(f"use build; {views[0][0]}; use memory; detach built")


def _built(folder: Path) -> list[tuple[dict, float]]:
    """Return the models and the seconds dbt took, each after those it reads."""
    target = folder / "target"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    run = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    return [
        (nodes[result["unique_id"]], result["execution_time"])
        for result in run["results"]
        if result["unique_id"].startswith("model.")
    ]


def run_pandas(path: Path, folder: Path) -> dict:
    """Run the baseline, then compare with what the SQL left in the warehouse."""
    import pandas as pd

    from benchmarks import pandas_baseline

    seconds = {}

    def timed(step: str, function: Callable, *arguments: object) -> object:
        started = time.perf_counter()
        result = function(*arguments)
        seconds[step] = time.perf_counter() - started
        return result

    seeds = {name: pd.read_csv(ROOT / "seeds" / f"{name}.csv") for name in SEEDS}
    raw = timed("read", _read, path)
    tables = pandas_baseline.run_all(raw, seeds, timed)
    peak_rss = own_peak_rss()
    with duckdb.connect(folder / "warehouse" / "build.duckdb") as connection:
        _compare(connection, tables)
    return {"seconds": seconds, "peak_rss": peak_rss}


def _read(path: Path) -> object:
    """Read the file; with DuckDB, as pandas itself needs another package for it."""
    with duckdb.connect() as connection:
        return connection.read_parquet(str(path)).df()


def _compare(connection: duckdb.DuckDBPyConnection, tables: dict) -> None:
    import pandas as pd

    reasons = connection.sql(
        "select exclusion_reason, count(*) from marts.excluded_lines group by all"
    ).fetchall()
    counted = tables["excluded_lines"]["exclusion_reason"].value_counts().to_dict()
    if dict(reasons) != counted:
        raise AssertionError(f"excluded lines: SQL {reasons}, pandas {counted}")
    for name, (keys, columns) in COMPARED.items():
        both = [
            _comparable(frame, keys, columns)
            for frame in (connection.table(f"marts.{name}").df(), tables[name])
        ]
        pd.testing.assert_frame_equal(
            *both, check_dtype=False, rtol=0, atol=MONEY_TOLERANCE, obj=name
        )


def _comparable(frame, keys: list[str], columns: list[str]):
    """Return sorted rows in plain types: text, floats and microseconds."""
    frame = frame[[*keys, *columns]].sort_values(keys, ignore_index=True)
    for column in frame:
        kind = frame[column].dtype.kind
        if kind == "M":
            frame[column] = frame[column].astype("datetime64[us]")
        elif kind in "iufb":
            frame[column] = frame[column].astype(float)
        else:
            frame[column] = frame[column].astype("str")
    return frame


def _report(name: str, runs: dict[str, list[dict]]) -> None:
    rows = []
    totals = {side: [0.0] * len(of_side) for side, of_side in runs.items()}
    listed = {model for models in STEPS.values() for model in models}
    others = [model for model in runs[SIDES[0]][0]["seconds"] if model not in listed]
    for step, models in {"read": [], **STEPS, "other models": others}.items():
        if step == "other models" and not others:
            continue
        row = [step]
        for side, of_side in runs.items():
            parts = step.split(", ") if side == "pandas" else models
            parts = [part for part in parts if part in of_side[0]["seconds"]]
            seconds = [sum(run["seconds"][part] for part in parts) for run in of_side]
            totals[side] = [a + b for a, b in zip(totals[side], seconds, strict=True)]
            row.append(_spread(seconds) if parts else "")
        rows.append(row)
    rows.append(["all", *(_spread(totals[side]) for side in runs)])
    ratios = {
        side: [p / s for p, s in zip(totals["pandas"], totals[side], strict=True)]
        for side in runs
    }
    rows.append(["pandas takes x times", *(_spread(ratios[side]) for side in runs)])
    peaks = [[run["peak_rss"] for run in of_side] for of_side in runs.values()]
    rows.append(
        [
            "peak memory",
            *(show_bytes(None if None in peak else max(peak)) for peak in peaks),
        ]
    )
    print_table(
        f"{name}: seconds, median of {len(runs['pandas'])} (lowest to highest); "
        "same results",
        ["step", *runs],
        rows,
    )
    for side, of_side in runs.items():
        seconds = {
            part: statistics.median(run["seconds"][part] for run in of_side)
            for part in of_side[0]["seconds"]
        }
        largest = sorted(seconds.items(), key=lambda item: -item[1])
        print_table(
            f"where the time goes: {side}",
            ["part", "seconds"],
            [[part, show_seconds(taken)] for part, taken in largest[:10]],
        )


def _spread(values: list[float]) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _main() -> None:
    side, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if side == "pandas":
        result = run_pandas(path, folder)
    else:
        result = run_sql(folder, in_memory=side == "SQL to memory")
    print(json.dumps(result))


if __name__ == "__main__":
    _main()
