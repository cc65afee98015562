"""Hand arrays over to DuckDB."""

from collections.abc import Iterable, Mapping

import duckdb
import numpy as np


def as_relation(
    session: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, np.ndarray]
) -> duckdb.DuckDBPyRelation:
    """Return columns as a relation whose types do not depend on the rows.

    Parameters
    ----------
    session : DuckDBPyConnection
    name : str
        Under which the columns are registered; must be free.
    columns : mapping of str to array of shape (n_rows,)
        Numbers, or text as objects, where None is null.

    Returns
    -------
    DuckDBPyRelation
        Text is varchar, also where there are no rows or nothing but nulls, from which
        DuckDB would make a column without a type.
    """
    return session.sql(_typed(session, name, columns))


def _typed(
    session: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, np.ndarray]
) -> str:
    session.register(name, dict(columns))
    expressions = [
        f"{column}::varchar as {column}" if values.dtype == object else column
        for column, values in columns.items()
    ]
    return f"select {', '.join(expressions)} from {name}"


def as_table(
    session: duckdb.DuckDBPyConnection,
    name: str,
    blocks: Iterable[Mapping[str, np.ndarray]],
) -> duckdb.DuckDBPyRelation:
    """Return columns that come in blocks, of which one at a time is in memory here.

    Parameters
    ----------
    session : DuckDBPyConnection
    name : str
        Of the temporary table they are written to; an earlier one is replaced.
    blocks : iterable of mappings
        See `as_relation`; at least one, of the same columns all.

    Returns
    -------
    DuckDBPyRelation
    """
    rows = f"block_of_{name}"
    for number, block in enumerate(blocks):
        query = _typed(session, rows, block)
        into = "insert into" if number else "create or replace temp table"
        session.execute(f"{into} {name} {'' if number else 'as'} {query}")
        session.unregister(rows)
    return session.table(name)
