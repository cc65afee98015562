"""The command line behind the Makefile: build, publish, report, sample and more."""

import argparse
import os
import sys
import time
from pathlib import Path

import yaml

from customer_analytics.dashboard.server import DashboardError
from customer_analytics.publishing import (
    EXPORTS_NAME,
    PUBLISHED_NAME,
    PublishError,
    expected_tables,
    id_salt,
    publish,
)
from customer_analytics.summary import build_summary, has_order_log

WAREHOUSE_VARIABLE = "CUSTOMER_ANALYTICS_WAREHOUSE"
NEXT_STEPS = """what next
  open the file in any DuckDB client:  {query}
  read it with a tool without DuckDB:  {exports}/<table>.parquet
  see it as a web page:                make dashboard
  build your own data:                 make build TRANSACTIONS=path/to/orders.csv
  see all commands:                    make help"""


def warehouse_folder() -> Path:
    """Return the folder of the private build and of the published files."""
    return Path(os.environ.get(WAREHOUSE_VARIABLE) or "warehouse")


def dbt_variables(transactions: str, customer_attributes: str, more: str) -> dict:
    """Combine the settings of the command line to dbt variables.

    Parameters
    ----------
    transactions, customer_attributes : str
        Paths; empty leaves the project's default, 'none' says that there is none.
    more : str
        Further variables as YAML, such as ``{as_of_date: 2011-06-01}``; they win.

    Returns
    -------
    dict
        Variable name to value.

    Raises
    ------
    ValueError
        If ``more`` is not a YAML mapping.
    """
    variables = {}
    if transactions:
        variables["transactions_path"] = transactions
    if customer_attributes:
        variables["customer_attributes_path"] = customer_attributes
    try:
        parsed = yaml.safe_load(more) if more else {}
    except yaml.YAMLError as error:
        raise ValueError(f"VARS={more!r} is not YAML: {error}") from error
    if not isinstance(parsed, dict):
        raise ValueError(f"VARS={more!r} must be a mapping such as {{currency: EUR}}")
    return variables | parsed


def run_build(variables: dict) -> int:
    """Run `dbt build`, publish the result and say what was built.

    Returns the exit code: 0 when everything was built, tested and published. On any
    failure the last published files stay as they were.
    """
    # A mistake in it is told before the work, not after it.
    salt = id_salt(os.environ)
    # Imported here: it takes seconds, which the other commands need not wait for.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    started = time.monotonic()
    arguments = ["build", "--vars", yaml.safe_dump(variables)]
    result = dbtRunner().invoke(arguments)
    # dbt leaves its connection open, and DuckDB lets nobody else in until it closes.
    DuckDBConnectionManager.close_all_connections()
    if not result.success:
        print(
            "\nThe build failed, see above. Nothing was published: the files in "
            f"{warehouse_folder()} are those of the last good build.",
            file=sys.stderr,
        )
        return 1
    published_path = publish_build()
    build_path = warehouse_folder() / "build.duckdb"
    print(f"\n{build_summary(build_path)}")
    print(f"took            {time.monotonic() - started:>11.0f}s")
    hashed = ", ids hashed" if salt else ""
    print(f"published       {published_path}{hashed}\n")
    customers = "select * from marts.customers limit 10"
    query = customers if has_order_log(build_path) else "from marts.segment_profiles"
    print(NEXT_STEPS.format(query=query, exports=published_path.parent / "exports"))
    return 0


def publish_build() -> Path:
    """Publish the private build; see `publishing.publish`."""
    salt = id_salt(os.environ)
    folder = warehouse_folder()
    target = Path(os.environ.get("DBT_TARGET_PATH") or "target")
    return publish(folder / "build.duckdb", folder, expected_tables(target), salt=salt)


def run_dashboard(port: int | None, headless: bool) -> int:
    """Serve the dashboard until it is stopped; returns the exit code."""
    from customer_analytics.dashboard.server import serve

    return serve(port=port, headless=headless)


def make_report() -> list[Path]:
    """Write the report of the last published build; return its files."""
    from customer_analytics.report.writing import write_report

    folder = warehouse_folder()
    return write_report(folder / PUBLISHED_NAME, folder)


def make_notebooks() -> list[Path]:
    """Run the notebooks on the last published build; return them as HTML files."""
    from customer_analytics.notebooks import write_notebooks

    folder = warehouse_folder()
    return write_notebooks(Path("notebooks"), folder, folder / "notebooks")


def run_sample(folder: Path, line_count: int, seed: int | None) -> int:
    """Write the bundled sample, or a larger order log of a given number of lines."""
    from customer_analytics import sample

    if line_count:
        sample.stream_transactions(line_count, folder, seed=seed or 1)
    else:
        sample.write_sample(folder)
    return 0


def export_graphs() -> list[Path]:
    """Write the networks of the last published build as GraphML; return the files."""
    from customer_analytics.baskets.graphml import write_graphs

    folder = warehouse_folder()
    return write_graphs(folder / PUBLISHED_NAME, folder / EXPORTS_NAME)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; paths default to the environment."""
    result = argparse.ArgumentParser(prog="customer-analytics", description=__doc__)
    commands = result.add_subparsers(dest="command", required=True)

    build = commands.add_parser("build", help="build all tables and publish them")
    build.add_argument("--transactions", default=os.environ.get("TRANSACTIONS", ""))
    build.add_argument(
        "--customer-attributes", default=os.environ.get("CUSTOMER_ATTRIBUTES", "")
    )
    build.add_argument("--vars", default=os.environ.get("VARS", ""))

    commands.add_parser("publish", help="publish the tables of the last dbt build")

    commands.add_parser("graph", help="write the published networks as GraphML")

    commands.add_parser("report", help="write the report for managers")

    commands.add_parser("notebooks", help="run the notebooks, write them as HTML")

    dashboard = commands.add_parser("dashboard", help="serve the dashboard")
    dashboard.add_argument("--port", type=int)
    dashboard.add_argument(
        "--headless", action="store_true", help="do not open a browser"
    )

    sample = commands.add_parser("sample", help="write the sample order log")
    sample.add_argument("folder", type=Path)
    sample.add_argument("--lines", type=int, default=0)
    sample.add_argument("--seed", type=int)
    return result


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(argv)
    try:
        if options.command == "build":
            return run_build(
                dbt_variables(
                    options.transactions, options.customer_attributes, options.vars
                )
            )
        if options.command == "publish":
            print(f"published {publish_build()}")
            return 0
        if options.command == "graph":
            for path in export_graphs():
                print(f"written {path}")
            return 0
        if options.command in ("report", "notebooks"):
            make = make_report if options.command == "report" else make_notebooks
            for path in make():
                print(f"written {path}")
            return 0
        if options.command == "dashboard":
            return run_dashboard(options.port, options.headless)
        return run_sample(options.folder, options.lines, options.seed)
    except ModuleNotFoundError as error:
        print(
            f"error: {error.name} is not installed: run 'make {options.command}', or "
            f"install the extra: pip install 'customer-analytics[{options.command}]'",
            file=sys.stderr,
        )
        return 1
    except (DashboardError, PublishError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
