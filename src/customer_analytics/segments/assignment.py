"""Assign every customer, block by block, so that memory does not grow with them."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np

from customer_analytics.segments.algorithms import Solution

BLOCK_SIZE = 500_000


def assign_customers(
    session: duckdb.DuckDBPyConnection,
    vectors: duckdb.DuckDBPyRelation,
    due: Sequence[tuple[str, str, str | None]],
    solutions: Mapping[tuple[str, str], Solution],
) -> duckdb.DuckDBPyRelation:
    """Label every customer with the solutions that are due.

    Parameters
    ----------
    session : DuckDBPyConnection
        Where the result is gathered, in a temporary table.
    vectors : DuckDBPyRelation
        ``feature_set``, ``customer_number``, ``snapshot_date``, ``is_as_of_date``,
        ``vector``.
    due : sequence of (str, str, str or None)
        Feature set, algorithm, and snapshot date (None = the as-of date).
    solutions : mapping of (str, str) to Solution
        By feature set and algorithm.

    Returns
    -------
    DuckDBPyRelation
        ``feature_set``, ``algorithm``, ``snapshot_date`` (null where it is the as-of
        date), ``is_as_of_date``,
        ``customer_number``, ``label`` (-1 = noise) and ``membership_probability``
        (0..1, null where the algorithm has none).
    """
    session.execute(
        "create or replace temp table assigned_customers (feature_set varchar, "
        "algorithm varchar, snapshot_date date, is_as_of_date boolean, "
        "customer_number bigint, label integer, membership_probability double)"
    )
    algorithms: dict[tuple[str, str | None], list[str]] = {}
    for feature_set, algorithm, date in due:
        algorithms.setdefault((feature_set, date), []).append(algorithm)
    for (feature_set, date), names in algorithms.items():
        when = "is_as_of_date" if date is None else f"snapshot_date = '{date}'"
        rows = vectors.filter(f"feature_set = '{feature_set}' and {when}")
        for numbers, points in _blocks(session, rows):
            for name in names:
                labels, probabilities = solutions[feature_set, name].assign(points)
                block = _block(numbers, labels, probabilities)
                _insert(session, block, feature_set, name, date)
    return session.table("assigned_customers")


def _blocks(
    session: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield customer numbers and their points, BLOCK_SIZE at a time."""
    rows.create_view("due_customers")
    # Once into a table: the points are a view over all snapshots.
    session.execute(
        "create or replace temp table due_points as select customer_number, vector, "
        "row_number() over (order by customer_number) - 1 as row_number "
        "from due_customers"
    )
    session.execute("drop view due_customers")
    ((count, width),) = session.execute(
        "select count(*), coalesce(max(len(vector)), 0) from due_points"
    ).fetchall()
    # Columns of numbers, which come over as they are; lists become objects.
    elements = ", ".join(f"vector[{i}] as element_{i}" for i in range(1, width + 1))
    for first in range(0, count, BLOCK_SIZE):
        block = session.execute(
            f"select customer_number, {elements} from due_points "
            "where row_number between ? and ? order by row_number",
            [first, first + BLOCK_SIZE - 1],
        ).fetchnumpy()
        numbers = block.pop("customer_number")
        yield numbers, np.column_stack(list(block.values()))
    session.execute("drop table due_points")


def _block(
    numbers: np.ndarray, labels: np.ndarray, probabilities: np.ndarray | None
) -> dict[str, np.ndarray]:
    if probabilities is None:
        probabilities = np.full(len(labels), np.nan)
    return {
        "customer_number": numbers,
        "label": labels.astype(np.int32),
        "membership_probability": probabilities,
    }


def _insert(
    session: duckdb.DuckDBPyConnection,
    block: dict[str, np.ndarray],
    feature_set: str,
    algorithm: str,
    date: str | None,
) -> None:
    session.register("assigned_block", block)
    session.execute(
        "insert into assigned_customers select ?, ?, ?::date, ?, customer_number, "
        "label, membership_probability from assigned_block",
        [feature_set, algorithm, date, date is None],
    )
    session.unregister("assigned_block")


def last_rows(
    session: duckdb.DuckDBPyConnection, table: str
) -> dict[str, np.ndarray] | None:
    """Return what the last build left in a table.

    Parameters
    ----------
    session : DuckDBPyConnection
    table : str
        Quoted name with its schema.

    Returns
    -------
    dict of arrays of shape (n_rows,), or None
        By column; None where there is no such table yet.
    """
    try:
        return session.execute(f"select * from {table}").fetchnumpy()
    except duckdb.CatalogException:
        return None
