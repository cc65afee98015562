"""Run the project's Python models outside of dbt."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
from dbt_common.events.event_manager_client import cleanup_event_logger

from customer_analytics.scoring.recorded import Model


class Dbt:
    """What a Python model is given by dbt: tables by name, and its own settings.

    Parameters
    ----------
    session : DuckDBPyConnection
    place : callable
        Takes the name of a table, with its schema; returns where it is.
    model : Model
    """

    def __init__(
        self,
        session: duckdb.DuckDBPyConnection,
        place: Callable[[str], str],
        model: Model,
    ) -> None:
        self._session, self._place, self._model = session, place, model
        self.config = self

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return a table that the model reads."""
        found = [p for p in self._model.parents if p.split(".")[1] == name]
        return self._session.sql(f"from {self._place(found[0])}")

    def meta_get(self, key: str) -> Any:
        """Return a setting of the model."""
        return self._model.meta[key]


def load_python_model(path: Path) -> ModuleType:
    """Return a Python model as a module.

    Parameters
    ----------
    path : Path
        With ``model``, as dbt calls it; and ``learned`` and ``scored`` where one is of
        everybody and before the learning date, the other of each customer.

    Returns
    -------
    module
    """
    # dbt's loggers, which models tell what they do, would write to standard output.
    cleanup_event_logger()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
