"""The dbt-duckdb plugin that makes `dbt build` read and check the input first."""

from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt_common.exceptions import DbtRuntimeError

from customer_analytics.input import InputError, prepare_input


class Plugin(BasePlugin):
    """Loads the source table of what was read, and by that all raw tables."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Create the warehouse folder, which DuckDB does not.

        Raises
        ------
        DbtRuntimeError
            If the folder cannot be created or written.
        """
        folder = Path(creds.path).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".write_probe"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise DbtRuntimeError(
                f"The warehouse folder '{folder}' cannot be written "
                f"({error.strerror}). Name another folder with the environment "
                "variable CUSTOMER_ANALYTICS_WAREHOUSE, or free this one."
            ) from error

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection, which `load` is not given."""
        self.conn = conn

    def load(self, source_config: SourceConfig) -> duckdb.DuckDBPyRelation:
        """Return one row per file or sheet read.

        Raises
        ------
        DbtRuntimeError
            With all problems of the input; dbt stops before any model.
        """
        cursor = self.conn.cursor()
        try:
            rows = prepare_input(
                cursor,
                source_config.meta,
                schema=source_config.schema,
                database=source_config.database,
            )
        except InputError as error:
            raise DbtRuntimeError(str(error)) from error
        return cursor.sql(rows)
