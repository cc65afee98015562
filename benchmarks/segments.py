"""Segment ever more customers: cluster, assign, profile and give a history."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from benchmarks.builds import SAMPLE, Build, run_build
from benchmarks.report import print_table, show_bytes, show_seconds

MEMORY_LIMIT = "2GB"
# What a customer takes in tables, temporary files and tables not yet freed.
FREE_BYTES_PER_CUSTOMER = 30_000
# Everything that segments are made of and everything made of them.
SEGMENTS = (
    "tag:segments",
    *("cluster_selection", "segment_drift"),
)
NO_TESTS = ("--exclude-resource-types", "test")
# Rows of a customer that every copy of the customer has too, copies numbered from 1.
COPIED_TABLES = ("marts.order_lines", "marts.customer_rfm")
VARIED_TABLES = ("intermediate.int_customer_snapshots", "raw.customer_attributes")
INTEGERS = ("BIGINT", "INTEGER")
FRACTIONS = ("DOUBLE", "DECIMAL(18,4)")


def run(*, quick: bool) -> None:
    sizes = [2_000, 20_000] if quick else [10_000, 100_000, 1_000_000]
    done: list[tuple[int, Build]] = []
    with tempfile.TemporaryDirectory() as root:
        needed, free = sizes[-1] * FREE_BYTES_PER_CUSTOMER, shutil.disk_usage(root).free
        if free < needed:
            raise RuntimeError(
                f"{sizes[-1]:,} customers need {show_bytes(needed)} free in {root}, "
                f"there are {show_bytes(free)}; set TMPDIR"
            )
        shop = Path(root, "shop")
        shop.mkdir()
        before = (
            "--select",
            *(f"+{area}" for area in SEGMENTS),
            "--exclude",
            *SEGMENTS,
        )
        run_build(SAMPLE, shop, arguments=[*before, *NO_TESTS])
        for size in sizes:
            folder = Path(root, f"{size}")
            shutil.copytree(shop, folder)
            customer_count = _multiply(folder / "warehouse" / "build.duckdb", size)
            # Read by the profiles, but no part of them.
            run_build(
                SAMPLE,
                folder,
                arguments=["--select", "int_customer_feature_values", *NO_TESTS],
                memory_limit=MEMORY_LIMIT,
            )
            build = run_build(
                SAMPLE,
                folder,
                arguments=["--select", *SEGMENTS, *NO_TESTS[:2]],
                memory_limit=MEMORY_LIMIT,
            )
            shutil.rmtree(folder)
            done.append((customer_count, build))
            print(
                f"  segmented {customer_count:,} customers in "
                f"{show_seconds(build.measured.seconds)}",
                flush=True,
            )
    _report(done)


def _multiply(warehouse: Path, size: int) -> int:
    """Copy customers, each copy a customer like it, until there are enough.

    Parameters
    ----------
    warehouse : Path
        The file of a build; its tables are replaced.
    size : int
        Customers with a purchase that are wanted.

    Returns
    -------
    int
        Customers with a purchase there are now, at least as many.
    """
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set TimeZone = 'UTC'")
        original_count = _customer_count(connection)
        copy_count = -(-size // original_count)
        for table in COPIED_TABLES:
            _multiply_table(connection, table, copy_count, is_varied=False)
        for table in VARIED_TABLES:
            _multiply_table(connection, table, copy_count, is_varied=True)
        return _customer_count(connection)


def _customer_count(connection: duckdb.DuckDBPyConnection) -> int:
    ((count,),) = connection.execute(
        "select count(*) from intermediate.int_customer_snapshots "
        "where snapshot_date = (select as_of_date from intermediate.int_as_of_date)"
    ).fetchall()
    return count


def _multiply_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    copy_count: int,
    *,
    is_varied: bool,
) -> None:
    """Replace a table by as many copies of it, numbers up to a quarter apart."""
    columns = connection.execute(f"describe {table}").fetchall()
    values = [_value(name, kind, is_varied=is_varied) for name, kind, *_ in columns]
    schema, name = table.split(".")
    copied = f"{schema}.{name}_copied"
    connection.execute(
        f"create table {copied} as select {', '.join(values)} from {table} "
        f"cross join range(1, {copy_count + 1}) as copies(copy)"
    )
    connection.execute(f"drop table {table}")
    connection.execute(f"alter table {copied} rename to {name}")


def _value(name: str, kind: str, *, is_varied: bool) -> str:
    """Return the SQL of a column's value in a copy."""
    if name == "customer_id":
        return "customer_id || '-' || copy as customer_id"
    # The same for a customer at every date, another for every column.
    draw = f"hash(customer_id, copy, '{name}')"
    if is_varied and kind in INTEGERS:
        return f"({name} + {draw} % (1 + {name} // 4)::ubigint)::{kind} as {name}"
    if is_varied and kind in FRACTIONS:
        factor = f"(0.75 + 0.25 * ({draw} % 1000) / 1000)"
        return f"round({name} * {factor}, 4)::{kind} as {name}"
    return name


def _report(done: Sequence[tuple[int, Build]]) -> None:
    rows = []
    for customer_count, build in done:
        split = build.split()
        rows.append(
            [
                f"{customer_count:,}",
                show_seconds(build.measured.seconds),
                show_seconds(split["models"]),
                show_seconds(split["data tests"]),
                f"{build.measured.seconds / customer_count * 1e6:.0f}",
                show_bytes(build.measured.peak_rss),
                show_bytes(build.measured.peak_spill),
                show_bytes(build.warehouse_bytes),
            ]
        )
    print_table(
        f"the models of segments and their data tests, DuckDB limited to {MEMORY_LIMIT}"
        " (us = microseconds per customer)",
        [
            *("customers", "wall", "models", "data tests", "us wall"),
            *("peak memory", "spilled", "warehouse"),
        ],
        rows,
    )
    largest = done[-1][1].node_seconds
    slowest = sorted(largest, key=lambda node: -largest[node])[:15]
    print_table(
        "seconds of the slowest models and tests",
        ["node", *(f"{customer_count:,}" for customer_count, _ in done)],
        [
            [
                node.split(".")[2],
                *(f"{build.node_seconds[node]:.1f}" for _, build in done),
            ]
            for node in slowest
        ],
    )
