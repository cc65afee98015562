"""What an input can fill: all else is made empty, and no model of it is run.

Without an order log there is nothing of orders, of a log without products nothing of
baskets and recommendations: tables that are published are made from their contracts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import ModelNode

from customer_analytics.input import names_products
from customer_analytics.input.settings import Settings, read_settings
from customer_analytics.input.sql import identifier, literal
from customer_analytics.places import project_variables
from customer_analytics.publishing import PUBLISHED_SCHEMAS, UNFINISHED

# Groups of models that a log without products leaves empty.
OF_PRODUCTS = frozenset({"baskets", "recommendations"})
# What customer attributes fill without an order log: a group, and single tables.
OF_ATTRIBUTES = frozenset({"segments"})
ALWAYS = frozenset(
    {"customer_attributes", "data_span", "filled_areas", "reconciliation"}
)
# And what given outcomes fill besides.
OF_LABELS = frozenset(
    {
        *("chosen_models", "classifier_calibration", "classifier_confusion"),
        *("classifier_curves", "classifier_lift", "classifier_metrics"),
        *("customer_predictions", "feature_importance", "first_order_metrics"),
        "model_runs",
    }
)
# Of inner models, in config.meta: what they are empty without; columns have types.
EMPTY_WITHOUT = "empty_without"
# In place of the input, of tables that no build has finished with.
WITHOUT_ROWS = "tables without rows"


@dataclass(frozen=True)
class Given:
    """What an input has.

    Attributes
    ----------
    orders, products, labels : bool
    """

    orders: bool
    products: bool
    labels: bool

    def fills(self, node: ModelNode) -> bool:
        """Return whether a published table may have rows."""
        if not self.orders:
            return (
                node.group in OF_ATTRIBUTES
                or node.name in ALWAYS
                or (self.labels and node.name in OF_LABELS)
            )
        return self.products or node.group not in OF_PRODUCTS

    def empties(self, node: ModelNode) -> bool:
        """Return whether an inner table that says so is empty."""
        needed = node.config.meta.get(EMPTY_WITHOUT)
        return (needed == "orders" and not self.orders) or (
            needed == "products" and not (self.orders and self.products)
        )


@dataclass(frozen=True)
class Plan:
    """What is built, and what is made empty.

    Attributes
    ----------
    built : list of str
        Names of models and seeds.
    untested : list of str
        Names of tests of seeds that no model reads.
    empty : list of ModelNode
    """

    built: list[str]
    untested: list[str]
    empty: list[ModelNode]


def given_by(project: Path, variables: Mapping[str, Any]) -> Given:
    """Tell from settings and headers what an input has; nothing is read.

    Parameters
    ----------
    project : Path
        Folder of dbt_project.yml.
    variables : mapping of str to object
        dbt variables of the run.

    Returns
    -------
    Given
        What cannot be told so, or is wrong, counts as there: the build will say.
    """
    settings: Settings
    settings, problems = read_settings(project_variables(project) | dict(variables))
    if problems:
        return Given(orders=True, products=True, labels=True)
    return Given(
        orders=settings.has_orders,
        products=settings.has_orders and names_products(settings),
        labels=bool(settings.customer_labels),
    )


def plan(manifest: Manifest, given: Given) -> Plan | None:
    """Return what to build of a project for an input.

    Parameters
    ----------
    manifest : Manifest
        The project as parsed.
    given : Given

    Returns
    -------
    Plan or None
        None where the input may fill all tables.
    """
    if given.orders and given.products:
        return None
    models = {
        key: node
        for key, node in manifest.nodes.items()
        if isinstance(node, ModelNode) and node.config.enabled
    }
    published = {k for k, n in models.items() if n.schema in PUBLISHED_SCHEMAS}
    empty = {k for k in published if not given.fills(models[k])}
    empty |= {k for k, node in models.items() if given.empties(node)}
    todo = [k for k in published if k not in empty]
    built: set[str] = set()
    while todo:
        key = todo.pop()
        if key in models and key not in empty and key not in built:
            built.add(key)
            todo += models[key].depends_on.nodes
    nodes = manifest.nodes
    seeds = {key for key, node in nodes.items() if node.resource_type == "seed"}
    unread = seeds.difference(*(models[key].depends_on.nodes for key in built))
    return Plan(
        sorted(nodes[key].name for key in built | seeds),
        sorted(
            node.name
            for node in nodes.values()
            if node.resource_type == "test" and {*node.depends_on.nodes} <= unread
        ),
        [models[key] for key in sorted(empty)],
    )


def make_empty(build_path: Path, nodes: Iterable[ModelNode]) -> None:
    """Make tables without rows from the columns that the project says they have.

    Parameters
    ----------
    build_path : Path
        dbt's private DuckDB file.
    nodes : iterable of ModelNode
        Of each table the columns have types. Until `as_made_of` they count as
        unfinished; none: those made before are forgotten.
    """
    build_path.parent.mkdir(parents=True, exist_ok=True)
    statements = [
        "create schema if not exists raw",
        "create table if not exists raw.table_origins (table_schema varchar, "
        "table_name varchar, origin varchar, input varchar)",
        "create or replace table raw.empty_tables "
        "(table_schema varchar, table_name varchar)",
    ]
    for node in nodes:
        columns = ", ".join(
            f"{identifier(column.name)} {column.data_type}"
            for column in node.columns.values()
        )
        table = identifier(node.schema, node.alias)
        key = f"{literal(node.schema)}, {literal(node.alias)}"
        statements += [
            f"create schema if not exists {identifier(node.schema)}",
            f"create or replace table {table} ({columns})",
            f"insert into raw.empty_tables values ({key})",
            f"delete from raw.table_origins where (table_schema, table_name) = ({key})",
            "insert into raw.table_origins (table_schema, table_name, origin, input) "
            f"values ({key}, {literal(UNFINISHED)}, {literal(WITHOUT_ROWS)})",
        ]
    with duckdb.connect(str(build_path)) as connection:
        connection.execute(f"begin; {'; '.join(statements)}; commit")


def as_made_of(build_path: Path) -> None:
    """Note that the empty tables are of the same input as those that were built.

    Parameters
    ----------
    build_path : Path
        dbt's private DuckDB file; without tables made empty nothing is noted.
    """
    if not build_path.exists():
        return
    with duckdb.connect(str(build_path)) as connection:
        if not connection.sql(
            "from information_schema.tables where table_schema = 'raw' "
            "and table_name = 'empty_tables'"
        ).fetchall():
            return
        connection.execute(
            "update raw.table_origins set origin = built.origin, input = built.input "
            "from raw.table_origins as built where built.table_name = 'data_span' "
            f"and table_origins.input = {literal(WITHOUT_ROWS)} "
            "and (table_origins.table_schema, table_origins.table_name) "
            "in (select (table_schema, table_name) from raw.empty_tables)"
        )
