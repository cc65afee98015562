"""Assign every customer, block by block, so that memory does not grow with them."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import duckdb
import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.segments.algorithms import Solution

# Rows of a block. It costs a scan of all, so few large ones: of ten features, 160 MB.
BLOCK_SIZE = 2_000_000


# Of so few centres, threads that wait for one another take most of the time.
@threadpool_limits.wrap(limits=1)
def assign_customers(
    session: duckdb.DuckDBPyConnection,
    vectors: duckdb.DuckDBPyRelation,
    due: Sequence[tuple[int, str, str, str | None]],
    solutions: Mapping[tuple[str, str], Solution],
) -> duckdb.DuckDBPyRelation:
    """Label every customer with the solutions that are due.

    Parameters
    ----------
    session : DuckDBPyConnection
        Where the result is gathered, in a temporary table.
    vectors : DuckDBPyRelation
        ``feature_set``, ``customer_number`` (from 1), ``snapshot_date``,
        ``is_as_of_date``, ``vector``.
    due : sequence of (int, str, str, str or None)
        Number of the assignment, feature set, algorithm, and snapshot date (None = the
        as-of date).
    solutions : mapping of (str, str) to Solution
        By feature set and algorithm.

    Returns
    -------
    DuckDBPyRelation
        ``assignment_number``, ``customer_number``, ``label`` (-1 = noise) and
        ``membership_probability`` (0..1, null where the algorithm has none).
    """
    # Numbers alone, and small ones: of a million customers there are 60 million rows.
    session.execute(
        "create or replace temp table assigned_customers (assignment_number smallint, "
        "customer_number integer, label smallint, membership_probability double)"
    )
    # Whoever was a customer at an earlier date is one now.
    extents = vectors.filter("is_as_of_date").aggregate(
        "feature_set, max(customer_number), max(len(vector))"
    )
    extent_of = {name: extent for name, *extent in extents.fetchall()}
    together: dict[str, dict[str | None, list[tuple[int, str]]]] = {}
    for number, feature_set, algorithm, date in due:
        dates = together.setdefault(feature_set, {})
        dates.setdefault(date, []).append((number, algorithm))
    for feature_set, dates in together.items():
        if feature_set not in extent_of:
            continue
        rows = vectors.filter(f"feature_set = '{feature_set}'")
        for date, customers, points in _blocks(rows, dates, *extent_of[feature_set]):
            for number, algorithm in dates[date]:
                labels, probabilities = solutions[feature_set, algorithm].assign(points)
                _insert(session, number, _block(customers, labels, probabilities))
    return session.table("assigned_customers")


def _blocks(
    rows: duckdb.DuckDBPyRelation,
    dates: Collection[str | None],
    last_customer: int,
    width: int,
) -> Iterator[tuple[str | None, np.ndarray, np.ndarray]]:
    """Yield dates, customer numbers and their points then, BLOCK_SIZE or fewer rows."""
    # Columns of numbers, which come over as they are; lists become objects.
    elements = ", ".join(f"vector[{i}] as element_{i}" for i in range(1, width + 1))
    named = [f"when snapshot_date = '{d}' then {i}" for i, d in enumerate(dates) if d]
    now = [f"when is_as_of_date then {i}" for i, d in enumerate(dates) if d is None]
    which = f"case {' '.join([*now, *named])} end"
    step = max(BLOCK_SIZE // len(dates), 1)
    for start in range(1, last_customer + 1, step):
        block = (
            rows.filter(f"customer_number between {start} and {start + step - 1}")
            .project(f"{which} as place, customer_number, {elements}")
            .filter("place is not null")
            .fetchnumpy()
        )
        places, numbers = block.pop("place"), block.pop("customer_number")
        points = np.column_stack(list(block.values()))
        for place, date in enumerate(dates):
            own = places == place
            if own.any():
                yield date, numbers[own], points[own]


def _block(
    customers: np.ndarray, labels: np.ndarray, probabilities: np.ndarray | None
) -> dict[str, np.ndarray]:
    if probabilities is None:
        probabilities = np.full(len(labels), np.nan)
    return {
        "customer_number": customers.astype(np.int32),
        "label": labels.astype(np.int16),
        "membership_probability": probabilities,
    }


def _insert(
    session: duckdb.DuckDBPyConnection, number: int, block: dict[str, np.ndarray]
) -> None:
    session.register("assigned_block", block)
    session.execute(
        "insert into assigned_customers select ?, customer_number, label, "
        "membership_probability from assigned_block",
        [number],
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
