"""The command line behind the Makefile: build, score, watch, publish and more."""

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import yaml

from customer_analytics.dashboard.server import DashboardError
from customer_analytics.input.baskets_per_line import unfold_baskets
from customer_analytics.input.sql import identifier, literal
from customer_analytics.places import (
    PROJECT_VARIABLE,
    WAREHOUSE_VARIABLE,
    project_folder,
    project_variables,
    warehouse_folder,
)
from customer_analytics.publishing import (
    EXPORTS_NAME,
    FAILED_STATUSES,
    PUBLISHED_NAME,
    PublishError,
    expected_tables,
    id_salt,
    publish,
)
from customer_analytics.summary import build_summary, has_order_log
from customer_analytics.versions import project_version

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

    from customer_analytics.watching import TableLook

# Read by the macro learning_state.
CODE_VARIABLE = "CUSTOMER_ANALYTICS_CODE"
# Read by the macro is_scoring.
SCORING_VARIABLE = "CUSTOMER_ANALYTICS_SCORING"
SCORING = ["--select", "tag:score"]
READING = ["--select", "+input_files"]
# Arguments of dbt that choose what is built.
SELECTING = {"--select", "-s", "--models", "-m"}
CHOOSING = SELECTING | {"--exclude", "--selector", "--indirect-selection"}
# Arguments of dbt by which the project is parsed otherwise.
PARSED_BY = {"--target", "-t", "--profile", "--profiles-dir"}
# Reasons of a failure that a whole build mends (macros/learned.sql,
# models/spine/int_as_of_date.sql, and publishing after a build that failed).
LEARN_FIRST = (
    "nothing has been learned yet",
    "are not those of this log",
    "were not all made of one input",
)
# Variables that name files of the user's.
PATH_VARIABLES = (
    "transactions_path",
    "customer_attributes_path",
    "customer_events_path",
    "campaign_list",
)
# What the command sets itself; a second one would take its place in silence.
OWN_ARGUMENTS = {
    "--vars": "give variables as --vars before the --",
    "--target-path": "set DBT_TARGET_PATH in the environment",
    "--project-dir": f"set {PROJECT_VARIABLE} in the environment",
}
NEXT_STEPS = """what next
  open the file in any DuckDB client:  {query}
  read it with a tool without DuckDB:  {exports}/<table>.parquet
  see it as a web page:                make dashboard
  build your own data:                 make build TRANSACTIONS=path/to/orders.csv
  see all commands:                    make help"""


def dbt_variables(
    transactions: str, customer_attributes: str, customer_events: str, more: str
) -> dict:
    """Combine the settings of the command line to dbt variables.

    Parameters
    ----------
    transactions, customer_attributes, customer_events : str
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
    if customer_events:
        variables["customer_events_path"] = customer_events
    try:
        parsed = yaml.safe_load(more) if more else {}
    except yaml.YAMLError as error:
        raise ValueError(f"VARS={more!r} is not YAML: {error}") from error
    if not isinstance(parsed, dict):
        raise ValueError(f"VARS={more!r} must be a mapping such as {{currency: EUR}}")
    return variables | parsed


def given_variables(options: argparse.Namespace) -> dict:
    """Return the dbt variables that the options of a command say."""
    return dbt_variables(
        options.transactions,
        options.customer_attributes,
        options.customer_events,
        options.vars,
    )


def enter_project(options: argparse.Namespace) -> Path:
    """Go to the project's folder, and return the one that the user stands in."""
    here = Path.cwd()
    folder = project_folder(here)
    if options.command == "sample":
        options.folder = here / options.folder
    if folder == here:
        return here
    for name in (WAREHOUSE_VARIABLE, "DBT_TARGET_PATH"):
        if os.environ.get(name):
            os.environ[name] = str(here / os.environ[name])
    if os.environ.get(PROJECT_VARIABLE):
        os.environ[PROJECT_VARIABLE] = str(folder)
    os.environ.setdefault("DBT_PROFILES_DIR", str(folder))
    os.chdir(folder)
    return here


def seen_from(folder: Path, variables: dict) -> dict:
    """Return dbt variables whose paths are those seen from a folder."""
    if folder == Path.cwd():
        return variables
    paths = {
        name: str(folder / Path(variables[name]).expanduser())
        for name in PATH_VARIABLES
        if variables.get(name) not in (None, "", "none", "auto")
    }
    return variables | paths


def check_arguments(dbt_arguments: list[str]) -> None:
    """Refuse arguments of dbt that the command has to set itself.

    Raises
    ------
    ValueError
        Naming what to do instead.
    """
    for argument in dbt_arguments:
        if instead := OWN_ARGUMENTS.get(argument.split("=")[0]):
            raise ValueError(f"{argument} is not handed on to dbt: {instead}")


def run_build(variables: dict, dbt_arguments: list[str], *, learns: bool = True) -> int:
    """Run `dbt build`, publish the result and say what was built.

    Parameters
    ----------
    variables : dict
        dbt variables.
    dbt_arguments : list of str
        Further arguments of `dbt build`, such as ``--select tag:rfm``.
    learns : bool
        Whether to build everything, or what is true of the as-of date by what an
        earlier build learned.

    Returns
    -------
    int
        The exit code: 0 when everything was built, tested and published. On any
        failure the last published files stay as they were.
    """
    given = {argument.split("=")[0] for argument in dbt_arguments}
    chosen = [] if learns else SCORING
    # Whatever is built is made of the input that the command names.
    chosen = chosen + (READING if given & SELECTING else [])
    return run_dbt(
        ["build", "--vars", yaml.safe_dump(variables), *chosen, *dbt_arguments],
        variables=None if given & PARSED_BY else variables,
        learns=learns,
        is_whole=not given & CHOOSING,
    )


def run_retry() -> int:
    """Go on with the last run where it failed; returns the exit code."""
    path = target_folder() / "run_results.json"
    last = json.loads(path.read_text())["args"] if path.exists() else {}
    chosen = last.get("select") or []
    return run_dbt(["retry"], learns=not any(SCORING[1] in name for name in chosen))


def run_dbt(
    arguments: list[str],
    *,
    variables: dict | None = None,
    learns: bool = True,
    is_whole: bool = False,
) -> int:
    """Run a command of dbt that builds, publish the result and say what was built.

    Parameters
    ----------
    arguments : list of str
        Of dbt: ``build`` and its own, or ``retry``.
    variables : dict, optional
        Those of the arguments, for which the project as parsed before will do; else
        dbt parses it.
    learns : bool
        See `run_build`.
    is_whole : bool
        Whether all is to be built that the input can fill; the rest is made empty.

    Returns
    -------
    int
        See `run_build`.
    """
    # A mistake in it is told before the work, not after it.
    salt = id_salt(os.environ)
    # Imported here: it takes seconds, which the other commands need not wait for.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from customer_analytics.parsing import parsed_project

    # What dbt parses lives as long as the command: looking for garbage in it again and
    # again took a tenth of a build.
    gc.set_threshold(100_000, 50, 50)
    started, began = time.monotonic(), datetime.now(UTC).replace(tzinfo=None)
    os.environ[SCORING_VARIABLE] = "false" if learns else "true"
    manifest = None
    if variables is not None:
        os.environ[CODE_VARIABLE] = project_version(Path.cwd(), variables)
        manifest = parsed_project(Path.cwd(), variables)
    if manifest is not None and variables is not None and is_whole:
        if filled := leave_unfilled(manifest, variables, learns=learns):
            arguments = [a for a in arguments if a not in SCORING] + filled
    result = dbtRunner(manifest=manifest).invoke(arguments)
    os.environ.pop(CODE_VARIABLE, None)
    # dbt leaves its connection open, and DuckDB lets nobody else in until it closes.
    DuckDBConnectionManager.close_all_connections()
    if not result.success:
        for reason in _reasons(result):
            print(f"error: {reason}", file=sys.stderr)
        print(
            "\nThe build failed, see above. Nothing was published: the files in "
            f"{warehouse_folder()} are those of the last good build.",
            file=sys.stderr,
        )
        return 1
    published_path = publish_build()
    build_path = warehouse_folder() / "build.duckdb"
    print(f"\n{build_summary(build_path, began)}")
    print(f"took            {time.monotonic() - started:>11.0f}s")
    hashed = ", ids hashed" if salt else ""
    print(f"published       {published_path}{hashed}\n")
    customers = "select * from marts.customers limit 10"
    query = customers if has_order_log(build_path) else "from marts.segment_profiles"
    print(NEXT_STEPS.format(query=query, exports=published_path.parent / "exports"))
    return 0


def leave_unfilled(manifest: "Manifest", variables: dict, *, learns: bool) -> list[str]:
    """Make the tables empty that the input cannot fill.

    Parameters
    ----------
    manifest : Manifest
    variables : dict
        dbt variables.
    learns : bool
        See `run_build`.

    Returns
    -------
    list of str
        Arguments by which dbt builds the others; none where all can be filled.
    """
    from customer_analytics.areas import given_by, make_empty, plan

    planned = plan(manifest, given_by(Path.cwd(), variables))
    if planned is None:
        return []
    make_empty(warehouse_folder() / "build.duckdb", planned.empty)
    built = [f"{name},tag:score" for name in planned.built] if not learns else []
    # Tests of what is not built would have nothing to look at.
    return [
        *("--select", *(built or planned.built)),
        *(("--exclude", *planned.untested) if planned.untested else ()),
        *("--indirect-selection", "cautious"),
    ]


def _reasons(result: "dbtRunnerResult") -> list[str]:
    """Return why a dbt run failed: what it raised, and which nodes failed with what."""
    if result.exception:
        return [str(result.exception).strip()]
    nodes = getattr(result.result, "results", None) or []
    failed = [node for node in nodes if node.status in FAILED_STATUSES - {"skipped"}]
    return [f"{node.node.name}: {str(node.message).strip()}" for node in failed] or [
        "dbt gave no reason; its own words are in logs/dbt.log"
    ]


def run_score_of(orders: str, *, as_json: bool) -> int:
    """Print what is known of the customers of a file; returns the exit code."""
    from customer_analytics.input import InputError
    from customer_analytics.scoring import Scorer, as_text

    try:
        told = Scorer().score(orders)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print("\n\n".join(map(as_text, told)))
    return 0


def publish_build() -> Path:
    """Publish the private build; see `publishing.publish`."""
    from customer_analytics.areas import as_made_of

    salt = id_salt(os.environ)
    folder = warehouse_folder()
    as_made_of(folder / "build.duckdb")
    tables = expected_tables(target_folder())
    return publish(folder / "build.duckdb", folder, tables, salt=salt)


def target_folder() -> Path:
    """Return the folder that dbt writes what it did into."""
    return Path(os.environ.get("DBT_TARGET_PATH") or "target")


def run_watch(pattern: str, variables: dict, every: float) -> int:
    """Score whenever order files come or change; learn when a period has ended.

    Parameters
    ----------
    pattern : str
        Path or glob of the order files; empty where a table is watched, which
        ``variables`` or the project name as ``transactions_relation``.
    variables : dict
        Other dbt variables.
    every : float
        Seconds between two looks.

    Returns
    -------
    int
        The exit code, 0, once it is stopped (Ctrl-C).

    Raises
    ------
    ValueError
        If there is nothing to watch.
    """
    from customer_analytics.watching import Outcome, Watch, look

    watched = pattern or _relation(variables)
    if not watched:
        raise ValueError(
            "watch needs files: make watch TRANSACTIONS='orders/*.csv', or a table "
            "(transactions_relation)"
        )
    look_at = partial(look, pattern) if pattern else table_look(watched)

    def say(line: str) -> None:
        print(f"{datetime.now():%H:%M:%S}  {line}", flush=True)

    def called(command: str, left_out: Sequence[str]) -> str:
        settings = variables | {"transactions_leave_out": list(left_out)}
        done = subprocess.run(
            [
                *(sys.executable, "-m", "customer_analytics.cli", command),
                *("--transactions", pattern, "--vars", yaml.safe_dump(settings)),
                *("--", "--quiet"),
            ],
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return ""
        _, _, reason = done.stderr.partition("error: ")
        return " ".join((reason.split("\n\n")[0] or done.stderr).split())

    def run(left_out: Sequence[str]) -> Outcome:
        started = time.monotonic()
        done, reason = "scored", called("score", left_out)
        if any(text in reason for text in LEARN_FIRST) or (
            not reason and learning_is_due(warehouse_folder() / PUBLISHED_NAME)
        ):
            done, reason = "learned and scored", called("build", left_out)
        took = f"{done} in {time.monotonic() - started:.0f} s"
        return Outcome(not reason, reason or took)

    say(f"watching {watched}; Ctrl-C ends it")
    watch = Watch(look_at, run, say)
    try:
        while True:
            watch.round()
            time.sleep(every)
    except KeyboardInterrupt:
        say("stopped")
        return 0


def _relation(variables: dict) -> str:
    """Return the table of orders that the command line or the project names."""
    project = project_variables(Path.cwd())
    return (project | variables).get("transactions_relation") or ""


def table_look(table: str) -> "TableLook":
    """Return what looks at a table of the private file, or of one that is attached."""
    from dbt.config.runtime import load_profile
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context

    from customer_analytics.watching import TableLook

    # What dbt sets before it reads profiles.yml.
    set_invocation_context(os.environ)
    profiles = os.environ.get("DBT_PROFILES_DIR") or os.curdir
    set_from_args(argparse.Namespace(PROFILES_DIR=profiles), None)
    credentials = load_profile(os.curdir, {}).credentials
    build_path = Path(credentials.path)
    attachments, files = [], [build_path]
    if build_path.exists():
        build = identifier(build_path.stem)
        attachments = [f"attach {literal(str(build_path))} as {build} (read_only)"]
        attachments.append(f"use {build}")
    for attachment in credentials.attach or []:
        attachment.read_only = "read_only" not in (attachment.options or {})
        attachments.append(attachment.to_sql())
        files.append(Path(attachment.path))
    return TableLook(table, attachments, files if all(map(Path.exists, files)) else [])


def learning_is_due(published_path: Path) -> bool:
    """Return whether a period has ended since what serves was learned."""
    with duckdb.connect(str(published_path), read_only=True) as connection:
        ((is_due,),) = connection.sql(
            "select is_learning_due from marts.data_span"
        ).fetchall()
    return is_due


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

    for name, purpose in (
        ("build", "build all tables and publish them"),
        ("score", "bring customers and products up to date by what is learned"),
        ("watch", "score whenever order files come or change, learn once a month"),
    ):
        build = commands.add_parser(name, help=purpose)
        build.add_argument("--transactions", default=os.environ.get("TRANSACTIONS", ""))
        build.add_argument(
            "--customer-attributes", default=os.environ.get("CUSTOMER_ATTRIBUTES", "")
        )
        build.add_argument(
            "--customer-events", default=os.environ.get("CUSTOMER_EVENTS", "")
        )
        build.add_argument("--vars", default=os.environ.get("VARS", ""))
        if name == "score":
            build.add_argument(
                "--orders",
                default="",
                help="answer for the customers of this file alone, without a build",
            )
            build.add_argument(
                "--json", action="store_true", help="with --orders: as JSON"
            )
        if name == "watch":
            build.add_argument(
                "--every",
                type=float,
                default=2.0,
                help="seconds between two looks (2)",
            )
            continue
        build.add_argument(
            "dbt_arguments",
            nargs="*",
            metavar="-- ...",
            help="further arguments of dbt build, such as -- --select tag:rfm",
        )

    commands.add_parser(
        "retry", help="go on with a build that failed, and publish all of it"
    )

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

    unfold = commands.add_parser(
        "unfold", help="write a file of one basket per line as one item per line"
    )
    unfold.add_argument("baskets", type=Path)
    unfold.add_argument("orders", type=Path)
    unfold.add_argument(
        "--date", required=True, type=date.fromisoformat, help="of all baskets"
    )
    return result


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(argv)
    try:
        if options.command == "unfold":
            count = unfold_baskets(options.baskets, options.orders, options.date)
            print(f"written {options.orders}: {count:,} lines")
            return 0
        here = enter_project(options)
        if options.command == "score" and options.orders:
            orders = str(here / Path(options.orders).expanduser())
            return run_score_of(orders, as_json=options.json)
        if options.command in ("build", "score"):
            check_arguments(options.dbt_arguments)
            variables = given_variables(options)
            return run_build(
                seen_from(here, variables),
                options.dbt_arguments,
                learns=options.command == "build",
            )
        if options.command == "watch":
            variables = seen_from(here, given_variables(options))
            pattern = variables.pop("transactions_path", "")
            return run_watch(pattern, variables, options.every)
        if options.command == "retry":
            return run_retry()
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
    except (DashboardError, PublishError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
