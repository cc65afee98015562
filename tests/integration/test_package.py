"""The project as a package of another: a shop's own project, with its own warehouse."""

import contextlib
import gc
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import ROOT
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

OURS = "package:customer_analytics"
# What fits models, which is no matter of whose project it is.
FITS = ("segments", "baskets", "recommendations", "lifetime_value", "predictions")
PROJECT = {
    "name": "shop",
    "version": "1.0.0",
    "config-version": 2,
    "profile": "shop",
    "flags": {"require_ref_searches_node_package_before_root": True},
}
SETTINGS = {
    "transactions_relation": "ref('order_lines')",
    "customer_events_relation": "ref('shop', 'visits')",
} | dict.fromkeys(FITS, False)
PROFILE = {
    "type": "duckdb",
    "path": "shop.duckdb",
    "threads": 2,
}
ORDER_LINES = f"""
select
    Invoice as order_number,
    StockCode as sku,
    Quantity as qty,
    InvoiceDate as order_date,
    Price as unit_price,
    "Customer ID" as client,
    Country as country
from read_parquet('{ROOT}/data/transactions.parquet')
"""
# Models of the names that ours have, and one that reads ours.
MODELS = {
    "order_lines": ORDER_LINES,
    "orders": "select distinct order_number from {{ ref('order_lines') }}",
    "customers": "select distinct client from {{ ref('order_lines') }}",
    "visits": f"""
select distinct
    "Customer ID" as customer_id, InvoiceDate as event_at, 'visit' as event_type
from read_parquet('{ROOT}/data/transactions.parquet')
where "Customer ID" is not null
""",
    "last_orders": "select customer_id, max(ordered_at) as last_ordered_at "
    "from {{ ref('customer_analytics', 'orders') }} group by customer_id",
}


@dataclass(frozen=True)
class Host:
    """A project that has this one as a package."""

    folder: Path

    def write(self, path: str, text: str) -> None:
        """Write a file of the project."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def dbt(self, *arguments: str, target: str = "target"):
        """Run dbt in the project; returns what it gave."""
        place = () if arguments[0] == "deps" else ("--target-path", target)
        folders = ("--project-dir", ".", "--profiles-dir", ".")
        quietly = ("--quiet", "--log-level-file", "none")
        with contextlib.chdir(self.folder):
            result = dbtRunner().invoke([*quietly, *arguments, *folders, *place])
        DuckDBConnectionManager.close_all_connections()
        gc.collect()
        return result

    def rows(self, sql: str) -> list[tuple]:
        """Return the rows of a query on the warehouse."""
        with duckdb.connect(str(self.folder / "shop.duckdb")) as connection:
            return connection.execute(sql).fetchall()

    def tables(self, schemas: str = "%") -> set[str]:
        """Return the names of tables and views, with their schema."""
        return {
            name
            for (name,) in self.rows(
                "select table_schema || '.' || table_name from "
                f"information_schema.tables where table_schema like '{schemas}'"
            )
        }


def statuses(result) -> dict[str, str]:
    return {run.node.unique_id: str(run.status) for run in result.result.results}


def messages(result) -> str:
    told = [str(result.exception or "")]
    told += [run.message or "" for run in getattr(result.result, "results", [])]
    return "\n".join(told)


def new_host(folder: Path, settings: dict | None = None, **project: object) -> Host:
    host = Host(folder)
    variables = {"vars": {"customer_analytics": SETTINGS | (settings or {})}}
    host.write("dbt_project.yml", yaml.safe_dump(PROJECT | variables | project))
    host.write("packages.yml", yaml.safe_dump({"packages": [{"local": str(ROOT)}]}))
    outputs = {name: PROFILE | {"schema": name} for name in ("dev", "ci")}
    profiles = {"shop": {"target": "dev", "outputs": outputs}}
    host.write("profiles.yml", yaml.safe_dump(profiles))
    for name, sql in MODELS.items():
        host.write(f"models/{name}.sql", sql)
    assert host.dbt("deps").success
    return host


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """Return a new shop, in which nothing was built yet."""
    return new_host(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def first_steps(untouched):
    """Return what dbt's commands gave before anything was built."""
    own = ("--select", "package:shop", "--exclude", "last_orders")
    return {
        "ls": untouched.dbt("ls", "--resource-type", "model"),
        "compile": untouched.dbt("compile", "--select", "orders"),
        "build": untouched.dbt("build", *own),
    }


@pytest.fixture(scope="module")
def built(untouched, first_steps):
    """Return the shop and what building all of it gave."""
    return untouched, untouched.dbt("build")


def test_commands_of_the_shop_are_as_before(first_steps):
    for name, result in first_steps.items():
        assert result.success, (name, messages(result))
    assert set(statuses(first_steps["build"])) == {
        f"model.shop.{name}" for name in MODELS if name != "last_orders"
    }


def test_both_are_built_in_one_go_and_in_order(built):
    host, result = built
    assert result.success, messages(result)
    # No hook among them.
    kinds = {name.split(".")[0] for name in statuses(result)}
    assert kinds <= {"model", "seed", "test", "saved_query"}
    order = list(statuses(result))
    places = [
        order.index(name)
        for name in (
            "model.shop.order_lines",
            "model.customer_analytics.input_findings",
            "model.customer_analytics.input_files",
            "model.customer_analytics.stg_transactions",
            "model.customer_analytics.orders",
            "model.shop.last_orders",
        )
    ]
    assert places == sorted(places)


def test_every_line_of_the_shops_model_is_there(built):
    host, _ = built
    ((lines,),) = host.rows("select count(*) from dev.order_lines")
    ((kept,),) = host.rows("select count(*) from dev_marts.order_lines")
    ((excluded,),) = host.rows("select count(*) from dev_marts.excluded_lines")
    assert lines == kept + excluded == 91943
    assert kept > 0.9 * lines
    ((path, kind),) = host.rows(
        "select path, kind from dev_raw.input_files where role = 'transactions'"
    )
    assert (path, kind) == ('"shop"."dev"."order_lines"', "relation")


def test_events_of_the_shops_model_are_there(built):
    host, _ = built
    ((visits,),) = host.rows("select count(*) from dev.visits")
    assert host.rows("select count(*) from dev_staging.stg_customer_events") == [
        (visits,)
    ]
    assert visits > 10000


def test_schemas_are_those_of_the_shop(built):
    host, _ = built
    schemas = {name.split(".")[0] for name in host.tables()}
    assert schemas == {
        *("dev", "dev_raw", "dev_staging", "dev_intermediate", "dev_marts"),
        *("dev_evidence", "dev_reference"),
    }
    # Each project has its own orders.
    assert {"dev.orders", "dev_marts.orders"} <= host.tables()
    assert host.rows("select count(*) from dev.last_orders")[0][0] > 1000


def test_tables_of_areas_that_are_off_are_empty_or_not_there(built):
    host, _ = built
    tables = host.tables("dev_marts")
    assert "dev_marts.association_rules" not in tables
    assert host.rows("select count(*) from dev_marts.customer_predictions") == [(0,)]
    ((customers, segments),) = host.rows(
        "select count(rfm_segment), count(segment_name_behaviour) "
        "from dev_marts.customers"
    )
    assert customers > 1000
    assert segments == 0


def test_metrics_are_there_for_the_shop(built):
    host, _ = built
    path = host.folder / "target" / "semantic_manifest.json"
    semantics = json.loads(path.read_text())
    assert {"revenue", "repeat_rate"} <= {m["name"] for m in semantics["metrics"]}
    (orders,) = [m for m in semantics["semantic_models"] if m["name"] == "orders"]
    assert orders["node_relation"]["schema_name"] == "dev_marts"


def test_documentation_state_and_defer(built):
    host, _ = built
    assert host.dbt("docs", "generate").success
    catalog = json.loads((host.folder / "target" / "catalog.json").read_text())
    assert "model.customer_analytics.customers" in catalog["nodes"]
    state = ("--state", "target")
    changed = ("ls", "--select", "state:modified+", "--resource-type", "model", *state)
    assert host.dbt(*changed, target="later").result == []
    host.write("models/order_lines.sql", f"{ORDER_LINES} where true")
    found = host.dbt(*changed, target="later").result
    host.write("models/order_lines.sql", ORDER_LINES)
    assert {"shop.order_lines", "shop.last_orders"} <= set(found)
    assert "customer_analytics.marts.customers.customers" in found
    one = ("build", "--select", "last_orders", "--target", "ci", "--defer", *state)
    deferred = host.dbt(*one, target="later")
    assert deferred.success, messages(deferred)
    assert host.tables("ci%") == {"ci.last_orders"}


def test_all_problems_are_told_at_once_and_nothing_after_them_runs(built):
    host, _ = built
    before = host.rows("select count(*), sum(net_amount) from dev_marts.orders")
    host.write(
        "models/order_lines.sql",
        "select 'A' as sku, 'soon' as order_date, 'x' as qty, 1 as unit_price, "
        "7 as client, 1 as order_number",
    )
    result = host.dbt("build", "--exclude-resource-type", "test")
    host.write("models/order_lines.sql", ORDER_LINES)
    assert not result.success
    failed = [run for run in result.result.results if run.status == "error"]
    assert [run.node.name for run in failed] == ["input_files"]
    assert "The input cannot be used. 2 problems:" in failed[0].message
    assert "'soon'" in failed[0].message
    assert "'x'" in failed[0].message
    ran = {name for name, status in statuses(result).items() if status == "success"}
    assert {name for name in ran if name.startswith("model.customer_analytics")} == {
        "model.customer_analytics.input_settings",
        "model.customer_analytics.input_findings",
    }
    assert host.rows("select count(*), sum(net_amount) from dev_marts.orders") == before


def test_inner_tables_are_not_for_others(built):
    host, _ = built
    host.write("models/curious.sql", "select * from {{ ref('int_orders') }}")
    result = host.dbt("parse", target="later")
    (host.folder / "models" / "curious.sql").unlink()
    assert "int_orders" in messages(result)
    assert "not allowed" in messages(result)


def test_an_area_that_another_needs_says_so(built):
    host, _ = built
    changed = ("--vars", "{predictions: true}")
    result = host.dbt("parse", *changed, target="later")
    assert "predictions needs lifetime_value, which is switched off" in messages(result)


def test_everything_in_one_schema_behind_a_prefix(built, tmp_path):
    host = new_host(
        tmp_path,
        {
            "transactions_relation": "source('till', 'transactions')",
            "customer_events_relation": "",
            "table_prefix": "ca_",
        },
    )
    for name in ("order_lines", "visits", "last_orders", "customers"):
        (tmp_path / "models" / f"{name}.sql").unlink()
    host.write("models/orders.sql", "select 1 as order_number")
    host.write(
        "models/sources.yml",
        "sources: [{name: till, schema: dev, tables: [{name: transactions}]}]",
    )
    host.write(
        "macros/generate_schema_name.sql",
        "{% macro generate_schema_name(name, node) %}{{ target.schema }}{% endmacro %}",
    )
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("create schema dev")
        connection.execute(f"create table dev.transactions as {ORDER_LINES}")
    result = host.dbt("build", "--exclude-resource-type", "saved_query")
    assert result.success, messages(result)
    tables = host.tables()
    assert {name.split(".")[0] for name in tables} == {"dev"}
    own = {name for name in tables if not name.startswith("dev.ca_")}
    assert own == {"dev.orders", "dev.transactions"}
    assert host.rows("select count(*) from dev.transactions") == [(91943,)]
    ((orders,),) = host.rows("select count(*) from dev.ca_orders")
    built_host, _ = built
    assert built_host.rows("select count(*) from dev_marts.orders") == [(orders,)]


def test_a_model_of_our_name_is_not_read_in_place_of_ours(tmp_path):
    host = new_host(tmp_path, flags={"send_anonymous_usage_stats": False})
    result = host.dbt("run", "--select", "input_settings")
    told = messages(result)
    assert "model.shop.orders" in told
    assert "require_ref_searches_node_package_before_root: true" in told
