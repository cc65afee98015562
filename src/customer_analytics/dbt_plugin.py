"""The dbt-duckdb plugin of the project's own profile: it makes the warehouse folder."""

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError


class Plugin(BasePlugin):
    """Makes the folder of the build file, which DuckDB does not."""

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Create the warehouse folder.

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
