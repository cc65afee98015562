"""Build from a program: orders in, tables out, for notebooks and scripts."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

from customer_analytics.input.sql import identifier, literal
from customer_analytics.places import WAREHOUSE_VARIABLE, warehouse_folder
from customer_analytics.publishing import PUBLISHED_NAME

# Where data frames are kept, within the warehouse.
INPUT_FOLDER = "input"


class BuildError(RuntimeError):
    """The build failed; what was published before is as it was."""


class Tables(Mapping[str, pd.DataFrame]):
    """The published tables by name, each read when it is asked for.

    Parameters
    ----------
    path : Path
        The published DuckDB file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.execute(
                "select table_name, table_schema from information_schema.tables "
                "order by table_schema, table_name"
            ).fetchall()
        self._schemas = dict(rows)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table, such as ``customers``."""
        table = identifier(self._schemas[name], name)
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.sql(f"from {table}").df()

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._schemas)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._schemas)


def build(
    orders: Any,
    *,
    customer_attributes: Any = "auto",
    customer_events: Any = "auto",
    warehouse: Path | str | None = None,
    **variables: Any,
) -> Tables:
    """Build and publish all tables of an order log.

    Parameters
    ----------
    orders : path or data frame
        A file, a data frame of pandas or a table of Arrow. One row per order line, as
        docs/input.md says.
    customer_attributes : path or data frame
        One row per customer; 'auto' takes a file that lies beside a file of orders,
        '' none.
    customer_events : path or data frame
        One row per dated event of a customer; as `customer_attributes`.
    warehouse : path, optional
        Folder of the build and the published files; by default that of the command.
    **variables
        Further variables of dbt_project.yml, such as ``currency="EUR"``.

    Returns
    -------
    Tables
        A mapping of table name to data frame: ``tables["customers"]``.

    Raises
    ------
    BuildError
        If the input cannot be used, with all that is wrong, or a table failed.
    """
    folder = Path(warehouse or warehouse_folder()).resolve()
    named = {
        "transactions_path": _path(orders, folder, "orders"),
        "customer_attributes_path": _path(
            customer_attributes, folder, "customer_attributes"
        ),
        "customer_events_path": _path(customer_events, folder, "customer_events"),
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "customer_analytics.cli", "build"),
            *("--vars", yaml.safe_dump(named | variables), "--", "--quiet"),
        ],
        env=os.environ | {WAREHOUSE_VARIABLE: str(folder)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        reason = done.stderr.partition("error: ")[2].split("\n\n")[0]
        raise BuildError(reason or done.stderr)
    return Tables(folder / PUBLISHED_NAME)


def _path(given: Any, folder: Path, name: str) -> str:
    """Return the path of a file, or of one that holds the rows of a data frame."""
    if isinstance(given, str | Path):
        return str(given) if given in ("", "auto") else str(Path(given).absolute())
    path = folder / INPUT_FOLDER / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.register("given", given)
        connection.execute(f"copy given to {literal(str(path))}")
    return str(path)
