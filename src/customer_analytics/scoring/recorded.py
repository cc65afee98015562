"""What a build recorded of how it made its tables, and whose each of them is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

import duckdb
import yaml

from customer_analytics.input.sql import identifier
from customer_analytics.publishing import UNFINISHED

INPUT, CLOCK = "raw.input_files", "intermediate.int_as_of_date"
# What reading the input wrote: models name them in their code, and depend on INPUT.
LOG = "raw.transactions"
OTHERS = ("raw.customer_attributes", "raw.customer_events")
# By one of these a table is of single customers; what a model of orders expects is the
# same for all with as many orders and days.
KEYS = {
    *("customer_id", "customer_number", "feature_row", "order_id", "order_line_id"),
    *("return_index", "repeat_day_count"),
}
NOTHING_LEARNED = "nothing has been learned yet: run 'make build'"


class ScoringError(ValueError):
    """There is nothing to score by, or it cannot be read now."""


@dataclass(frozen=True)
class Model:
    """How the build made a table of the score floor.

    Attributes
    ----------
    language : str
    code : str
        SQL, or the path of a Python model.
    meta : dict
        Settings of the model.
    parents : tuple of str
        Tables it reads, with their schema.
    """

    language: str
    code: str
    meta: dict
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Recorded:
    """The tables of a build, by name with their schema.

    Attributes
    ----------
    models : dict of str to Model
        Of the score floor.
    columns : dict of str to list of str
        Of all tables.
    settings : dict
        How the order log was read.
    steps : list of str
        What it takes to answer, each after what it reads.
    own : set of str
        Tables of single customers that follow from the order log.
    timed : set of str
        Tables that follow from the clock: the same until it moves.
    """

    models: Mapping[str, Model]
    columns: Mapping[str, list[str]]
    settings: dict
    steps: list[str]
    own: set[str]
    timed: set[str]

    def numbers_customers(self, name: str) -> bool:
        """Whether a table gives customers the numbers that others know them by."""
        return {"customer_id", "customer_number"} <= {*self.columns[name]} and not any(
            "customer_number" in self.columns[parent]
            for parent in self.models[name].parents
        )


def read_recorded(
    connection: duckdb.DuckDBPyConnection, database: str, answers: tuple[str, ...]
) -> Recorded:
    """Read how tables were made, and tell whose they are.

    Parameters
    ----------
    connection : DuckDBPyConnection
    database : str
        Name that the private file is attached by.
    answers : tuple of str
        The tables that are asked for.

    Returns
    -------
    Recorded

    Raises
    ------
    ScoringError
        If there was no whole build yet.
    """
    try:
        rows = connection.execute(
            "select table_schema || '.' || table_name, language, code, meta, parents "
            f"from {identifier(database, 'raw', 'score_models')}"
        ).fetchall()
        ((settings,), *_) = connection.execute(
            f"select settings from {identifier(database, *INPUT.split('.'))}"
        ).fetchall()
    except duckdb.CatalogException:
        raise ScoringError(NOTHING_LEARNED) from None
    columns = dict(
        connection.execute(
            "select schema_name || '.' || table_name, list(column_name) "
            "from duckdb_columns() where database_name = ? group by all",
            [database],
        ).fetchall()
    )
    models = {
        name: Model(language, code, yaml.safe_load(meta), _parents(code, parents))
        for name, language, code, meta, parents in rows
        if name in columns
    }
    if lacking := {*answers, CLOCK} - models.keys():
        raise ScoringError(
            f"the build has no {', '.join(sorted(lacking))}: run 'make build'"
        )
    own, timed = _whose(models, columns)
    steps = _steps(models, answers, own | timed | {CLOCK})
    _check_origins(connection, database, steps)
    return Recorded(models, columns, json.loads(settings), steps, own, timed)


def _parents(code: str, parents: str) -> tuple[str, ...]:
    """Return the tables a model reads, with those of the input that it names."""
    return (
        *(name for name in yaml.safe_load(parents) if name != INPUT),
        *(name for name in (LOG, *OTHERS) if identifier(*name.split(".")) in code),
    )


def _whose(
    models: Mapping[str, Model], columns: Mapping[str, list[str]]
) -> tuple[set[str], set[str]]:
    own: set[str] = set()
    timed: set[str] = set()
    graph = {name: model.parents for name, model in models.items()}
    for name in TopologicalSorter(graph).static_order():
        parents = {*graph.get(name, ())}
        if name not in models or name == CLOCK:
            continue
        if parents & {LOG, *own}:
            # Else it is of the shop: what orders of all customers say together.
            if KEYS & {*columns[name]}:
                own.add(name)
        elif parents & {CLOCK, *timed}:
            timed.add(name)
    return own, timed


def _steps(
    models: Mapping[str, Model], answers: tuple[str, ...], made: set[str]
) -> list[str]:
    graph: dict[str, tuple[str, ...]] = {}
    todo = [*answers]
    while todo:
        name = todo.pop()
        if name not in graph:
            graph[name] = models[name].parents if name in made else ()
            todo += graph[name]
    return [*TopologicalSorter(graph).static_order()]


def _check_origins(
    connection: duckdb.DuckDBPyConnection, database: str, tables: list[str]
) -> None:
    """Refuse tables of a build that did not finish, or of different inputs."""
    rows = connection.execute(
        f"select distinct origin from {identifier(database, 'raw', 'table_origins')} "
        "where table_schema || '.' || table_name in (select unnest(?))",
        [tables],
    ).fetchall()
    if len(rows) > 1 or rows == [(UNFINISHED,)]:
        raise ScoringError(
            "the last build did not finish, or was of some tables only: run "
            "'make build'"
        )
