"""Hand arrays over to DuckDB."""

from collections.abc import Mapping

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
    session.register(name, dict(columns))
    expressions = [
        f"{column}::varchar as {column}" if values.dtype == object else column
        for column, values in columns.items()
    ]
    return session.sql(f"select {', '.join(expressions)} from {name}")
