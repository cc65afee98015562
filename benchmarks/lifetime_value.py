"""Lifetime value of ever more customers: everything from histories to served tables."""

import shutil
import tempfile
from pathlib import Path

import duckdb

from benchmarks.builds import SAMPLE, Build, run_build
from benchmarks.report import print_table, show_bytes, show_seconds
from benchmarks.segments import FREE_BYTES_PER_CUSTOMER, MEMORY_LIMIT, NO_TESTS

AREA = ("--select", "tag:lifetime_value")
# What every copy of a customer has too.
COPIED = (
    "intermediate.int_customer_snapshots",
    "intermediate.int_customer_outcomes",
    "intermediate.int_order_snapshots",
    "intermediate.int_orders",
)
# What tries and judges models at earlier dates; the rest fits and scores.
TRIALS = {
    *("ml_amount_backtest", "int_backtest_amounts", "int_interval_factors"),
    *("int_backtest_ranks", "lifetime_value_metrics", "int_lifetime_value_choices"),
    *("chosen_lifetime_value_models", "lifetime_value_calibration"),
    *("lifetime_value_actual_vs_predicted", "next_order_window_coverage"),
    *("int_importance_customers", "ml_amount_importance"),
    *("int_amount_runs", "int_lifetime_value_model_runs"),
    *("lifetime_value_season", "lifetime_value_totals", "int_lifetime_value_findings"),
    *("lifetime_value_fitness", "int_gini_gaps", "order_model_metrics"),
}
# A million customers with ten orders each; every month start of two years would be a
# benchmark of the snapshots.
SNAPSHOTS = 14


def run(*, quick: bool) -> None:
    sizes = [2_000, 20_000] if quick else [100_000, 1_000_000]
    done: list[tuple[int, Build]] = []
    with tempfile.TemporaryDirectory() as root:
        free = shutil.disk_usage(root).free
        if free < sizes[-1] * FREE_BYTES_PER_CUSTOMER:
            raise RuntimeError(f"not enough room in {root}; set TMPDIR")
        shop = Path(root, "shop")
        shop.mkdir()
        before = ("--select", "+tag:lifetime_value", "--exclude", "tag:lifetime_value")
        run_build(SAMPLE, shop, arguments=[*before, *NO_TESTS])
        for size in sizes:
            folder = Path(root, f"{size}")
            shutil.copytree(shop, folder)
            count = _multiply(folder / "warehouse" / "build.duckdb", size)
            build = run_build(
                SAMPLE, folder, arguments=(*AREA, *NO_TESTS), memory_limit=MEMORY_LIMIT
            )
            shutil.rmtree(folder)
            done.append((count, build))
            seconds = show_seconds(build.measured.seconds)
            print(f"  {count:,} customers in {seconds}", flush=True)
    _report(done)


def _multiply(warehouse: Path, size: int) -> int:
    """Copy customers until there are enough; return how many there are now."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set TimeZone = 'UTC'")
        ((original,),) = connection.execute(
            "select count(distinct customer_id) "
            "from intermediate.int_customer_snapshots"
        ).fetchall()
        copies = -(-size // original)
        connection.execute(
            "create temp table kept_dates as select snapshot_date "
            "from intermediate.int_history_dates where snapshot_date >= ("
            "select snapshot_date from intermediate.int_snapshot_dates "
            f"order by snapshot_date desc limit 1 offset {SNAPSHOTS - 1})"
        )
        for dates in ("int_snapshot_dates", "int_history_dates"):
            connection.execute(
                f"delete from intermediate.{dates} where snapshot_date not in "
                "(select snapshot_date from kept_dates)"
            )
        for table in COPIED:
            _multiply_table(connection, table, copies)
        return original * copies


def _multiply_table(
    connection: duckdb.DuckDBPyConnection, table: str, copies: int
) -> None:
    columns = [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
    ids = [name for name in ("customer_id", "order_id") if name in columns]
    values = ", ".join(f"{name} || '-' || copy as {name}" for name in ids)
    dated = (
        "where snapshot_date in (select snapshot_date from kept_dates)"
        if "snapshot_date" in columns
        else ""
    )
    connection.execute(
        f"create table {table}_copied as select * replace ({values}) "
        f"from {table} cross join range(1, {copies + 1}) as copies(copy) {dated}"
    )
    connection.execute(f"drop table {table}")
    connection.execute(f"alter table {table}_copied rename to {table.split('.')[1]}")


def _split(build: Build) -> tuple[float, float]:
    """Return the seconds of the models that fit and score, and of those that try."""
    seconds = {node.split(".")[2]: s for node, s in build.node_seconds.items()}
    if missing := TRIALS - seconds.keys():
        raise RuntimeError(f"no such models: {', '.join(sorted(missing))}")
    tried = sum(seconds[name] for name in TRIALS)
    return build.split()["models"] - tried, tried


def _report(done: list[tuple[int, Build]]) -> None:
    print_table(
        "the models of lifetime value, from orders by month start to served tables, "
        f"DuckDB limited to {MEMORY_LIMIT}",
        [
            *("customers", "wall", "processors", "fit and score", "trials"),
            *("peak memory", "spilled", "warehouse"),
        ],
        [
            [
                f"{count:,}",
                show_seconds(build.measured.seconds),
                "n/a"
                if build.measured.cpu_seconds is None
                else show_seconds(build.measured.cpu_seconds),
                *(show_seconds(seconds) for seconds in _split(build)),
                show_bytes(build.measured.peak_rss),
                show_bytes(build.measured.peak_spill),
                show_bytes(build.warehouse_bytes),
            ]
            for count, build in done
        ],
    )
    largest = done[-1][1].node_seconds
    print_table(
        "seconds of the slowest models",
        ["model", *(f"{count:,}" for count, _ in done)],
        [
            [node.split(".")[2], *(f"{b.node_seconds[node]:.1f}" for _, b in done)]
            for node in sorted(largest, key=lambda node: -largest[node])[:15]
        ],
    )
