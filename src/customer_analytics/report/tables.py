"""What the report reads: published tables alone, narrowed to what is shown."""

from pathlib import Path

import duckdb
import pandas as pd

from customer_analytics.publishing import PublishError
from customer_analytics.report import queries_business, queries_certainty

QUERIES = queries_business.QUERIES | queries_certainty.QUERIES


def read_tables(database: Path) -> dict[str, pd.DataFrame]:
    """Read everything that the report shows.

    Parameters
    ----------
    database : Path
        A published file; opened read-only.

    Returns
    -------
    dict of str to DataFrame
        One frame per entry of ``QUERIES``, ordered as its query says; amounts are
        floats. Frames of areas that were not built are empty.

    Raises
    ------
    PublishError
        If there is no published file, or it lacks a table (one of an older version).
    """
    if not database.exists():
        raise PublishError(f"there is no {database}: run make build first")
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            return {name: connection.sql(sql).df() for name, sql in QUERIES.items()}
        except duckdb.CatalogException as error:
            raise PublishError(
                f"{database} is of another version, run make build again: {error}"
            ) from error
