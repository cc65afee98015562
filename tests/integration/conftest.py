"""Builds into a temporary warehouse, in one dbt process for all tests."""

import contextlib
import functools
import gc
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from filelock import FileLock

from customer_analytics.parsing import read_in_parsing, set_variables
from customer_analytics.publishing import expected_tables, publish

# As the command does.
gc.set_threshold(100_000, 50, 50)

ROOT = Path(__file__).parents[2]
REAL_DATA = ROOT.parent / "shared" / "data"
# Areas that fit models, which take most of a build, and what joins them.
FITTED = (
    *("tag:segments", "tag:lifetime_value", "tag:predictions", "tag:baskets"),
    *("tag:recommendations", "tag:model_runs", "tag:customers"),
)


@dataclass(frozen=True)
class Build:
    """A finished dbt run: whether it went well, what it said, where its file is."""

    success: bool
    message: str
    warehouse: Path

    def rows(self, sql: str) -> list[tuple]:
        """Return the rows of a query on the private build file."""
        with duckdb.connect(str(self.warehouse / "build.duckdb")) as connection:
            return connection.execute(sql).fetchall()

    def tables(self, schema: str = "marts") -> list[str]:
        """Return the names of a schema's tables, with the schema."""
        found = self.rows(
            "select table_schema || '.' || table_name from information_schema.tables "
            f"where table_schema = '{schema}' order by 1"
        )
        return [name for (name,) in found]

    def difference(self, other: "Build", sql: str) -> int:
        """Return how many rows of a query only one of the two builds has."""
        with duckdb.connect() as connection:
            for name, build in (("first_build", self), ("second_build", other)):
                path = str(build.warehouse / "build.duckdb").replace("'", "''")
                connection.execute(f"attach '{path}' as {name} (read_only)")
                connection.execute(f"use {name}")
                connection.execute(f"create temp table of_{name} as {sql}")
            ((count,),) = connection.execute(
                "select count(*) from ("
                "(from of_first_build except all from of_second_build) union all "
                "(from of_second_build except all from of_first_build))"
            ).fetchall()
        return count


def invoke_dbt(
    arguments: Sequence[str],
    target: Path | str,
    variables: dict,
    manifest: Manifest | None = None,
) -> dbtRunnerResult:
    """Call dbt in the project's root; what it logs besides is not written."""
    return dbtRunner(manifest=manifest).invoke(
        [
            *("--quiet", "--warn-error", "--log-level-file", "none"),
            *arguments,
            *("--project-dir", str(ROOT), "--profiles-dir", str(ROOT)),
            *("--target-path", str(target), "--vars", yaml.safe_dump(variables)),
        ]
    )


@functools.cache
def parsed_content(root: Path, unit_tests: str | None) -> bytes:
    """Return a project as parsed with no variables; unit tests are switched."""
    with tempfile.TemporaryDirectory() as folder:
        result = invoke_dbt(["parse"], folder, {})
        if not result.success:
            raise RuntimeError(f"The project cannot be parsed: {result.exception}")
        return (Path(folder) / "partial_parse.msgpack").read_bytes()


def project_for(variables: dict) -> Manifest | None:
    """Return the parsed project for a run, or None where dbt has to parse it anew."""
    if variables.keys() & read_in_parsing(ROOT):
        return None
    content = parsed_content(ROOT, os.environ.get("CUSTOMER_ANALYTICS_UNIT_TESTS"))
    return set_variables(Manifest.from_msgpack(content), ROOT, variables)


def run_dbt(warehouse: Path, variables: dict, *arguments: str) -> Build:
    """Run `dbt build` from the project's root into a warehouse folder."""
    os.environ["CUSTOMER_ANALYTICS_WAREHOUSE"] = str(warehouse)
    result = invoke_dbt(
        arguments or ("build",),
        warehouse / "target",
        variables,
        project_for(variables),
    )
    messages = [str(result.exception or "")]
    for node in getattr(result.result, "results", None) or []:
        if node.status in ("error", "fail"):
            messages.append(f"{node.node.name}: {node.message}")
    build = Build(result.success, "\n".join(messages), warehouse)
    # The traceback of a failed run holds the connection, with its memory limit, and
    # DuckDB opens a file twice in one process with the same settings only.
    del result
    DuckDBConnectionManager.close_all_connections()
    gc.collect()
    return build


@pytest.fixture(autouse=True)
def _in_project_root(monkeypatch: pytest.MonkeyPatch) -> None:
    # The profile's paths are relative to the working directory, as for a user.
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("CUSTOMER_ANALYTICS_WAREHOUSE", raising=False)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Build]:
    """Return a function that builds an order log into this test's own warehouse."""

    def run(transactions: Path | str, *arguments: str, **variables: object) -> Build:
        settings = {"transactions_path": str(transactions)} | variables
        return run_dbt(tmp_path / "warehouse", settings, *arguments)

    return run


@pytest.fixture(scope="session")
def shared_build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Build]:
    """Return a function that builds into a new warehouse, for a fixture to share."""

    def run(*arguments: str, **variables: object) -> Build:
        with contextlib.chdir(ROOT):
            return run_dbt(tmp_path_factory.mktemp("shared"), variables, *arguments)

    return run


def built_once(factory: pytest.TempPathFactory, name: str, variables: dict) -> Build:
    """Return a build that all processes of a test run share, each in a copy of its own.

    Two processes cannot open one DuckDB file where one of them writes.
    """
    base = factory.getbasetemp()
    is_one_of_many = "PYTEST_XDIST_WORKER" in os.environ
    first = (base.parent if is_one_of_many else base) / name
    outcome = first / "outcome.json"
    with FileLock(f"{first}.lock"):
        if not outcome.exists():
            with contextlib.chdir(ROOT):
                built = run_dbt(first, variables)
            outcome.write_text(json.dumps([built.success, built.message]))
    warehouse = base / f"own_{name}" if is_one_of_many else first
    if is_one_of_many:
        shutil.copytree(first, warehouse)
    return Build(*json.loads(outcome.read_text()), warehouse)


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return one build of the bundled sample, shared by tests that only read it."""
    return built_once(tmp_path_factory, "sample", {})


@pytest.fixture(scope="session")
def published_sample(
    sample_build: Build, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder that the bundled sample is published in."""
    folder = tmp_path_factory.mktemp("published")
    tables = expected_tables(sample_build.warehouse / "target")
    publish(sample_build.warehouse / "build.duckdb", folder, tables)
    return folder


@pytest.fixture(scope="session")
def published_without_prices(
    sample_build: Build, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder of the sample, published as if its log said no prices."""
    folder = tmp_path_factory.mktemp("unpriced")
    build_path = folder / "build.duckdb"
    shutil.copy(sample_build.warehouse / "build.duckdb", build_path)
    with duckdb.connect(str(build_path)) as connection:
        connection.execute("update intermediate.int_log_facts set has_prices = false")
    publish(build_path, folder, expected_tables(sample_build.warehouse / "target"))
    return folder


@pytest.fixture(scope="session")
def online_retail() -> Path:
    """Return the path of Online Retail II, or skip where it is not there."""
    path = REAL_DATA / "online_retail_II.parquet"
    if not path.exists():
        pytest.skip(f"Online Retail II is not there ({path.name} in shared/data)")
    return path


@pytest.fixture(scope="session")
def online_retail_build(
    online_retail: Path, tmp_path_factory: pytest.TempPathFactory
) -> Build:
    """Return one build of Online Retail II, shared by tests that only read it."""
    variables = {"transactions_path": str(online_retail)}
    return built_once(tmp_path_factory, "online_retail", variables)
