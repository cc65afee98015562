"""What was learned before, kept by a fingerprint of what it was learned from.

A fit or a back-test is a function of rows and settings. Asked for the same again, it is
not done again: the result is read from the private file, in a format that runs no code.
"""

import contextlib
import dataclasses
import hashlib
import inspect
import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zipfile import ZIP_DEFLATED

import duckdb
import numpy as np
import skops.io
from scipy.sparse import spmatrix

from customer_analytics.input.sql import identifier
from customer_analytics.versions import library_versions

Result = TypeVar("Result")
Report = Callable[[str], None]

# One table for each model: of a table with all, reading one result would read them all.
# The view learned.fits lists them together (macros/list_fits.sql).
SCHEMA = """
    create schema if not exists {schema};
    create table if not exists {table} (
        unit varchar, fingerprint varchar, library_versions varchar,
        learned_at timestamp, used_at timestamp, result blob
    );
    -- Which earlier versions had not.
    alter table {table} add column if not exists learned_as_of date;
    alter table {table} add column if not exists parameters json;
"""
# The fastest: labels and ranks are a tenth of their size by it.
COMPRESSION_LEVEL = 1
# How many results of one unit are kept: the present input's and the one before.
KEPT = 2
# Units are named by date: what nobody has asked for so long is of a date gone by.
KEPT_UNUSED = timedelta(days=400)
# What results may be made of besides numbers, text and the libraries' own types.
TRUSTED = [
    "numpy.dtype",
    "scipy.sparse._csr.csr_matrix",
    "sklearn._loss.loss.HalfTweedieLoss",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.tree._tree.Tree",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
    "xgboost.sklearn.XGBRegressor",
    "xgboost.sklearn.XGBRFRegressor",
]
OURS = "customer_analytics."


class Remember(Protocol):
    """Call a function, or return what it returned to the same arguments."""

    def __call__(
        self,
        unit: str,
        function: Callable[..., Result],
        *arguments: object,
        report: Report | None = None,
        **settings: object,
    ) -> Result:
        """Return ``function(*arguments, **settings)``; see `Memory.__call__`."""


def anew(
    unit: str,
    function: Callable[..., Result],
    *arguments: object,
    report: Report | None = None,
    **settings: object,
) -> Result:
    """Remember nothing: call the function."""
    told = {} if report is None else {"report": report}
    return function(*arguments, **settings, **told)


class Memory:
    """Results of one dbt model, in the private file.

    Parameters
    ----------
    session : DuckDBPyConnection
        To the private file; results are written by a connection of their own, so that
        they outlive a model that fails later.
    model : str
        Name of the model.
    schema : str
        Schema of the model, by which that of the results is named: learned for ml,
        dev_learned for dev_ml.
    """

    def __init__(
        self, session: duckdb.DuckDBPyConnection, model: str, schema: str = "ml"
    ) -> None:
        self._connection = session.cursor()
        self._lock = threading.Lock()
        learned = identifier(_beside(schema, "learned"))
        self._table = f"{learned}.{identifier(model)}"
        self._connection.execute(SCHEMA.format(schema=learned, table=self._table))
        self._execute(
            f"delete from {self._table} where used_at < ?", _now() - KEPT_UNUSED
        )
        self._kept = {
            (unit, key): result
            for unit, key, result in self._connection.execute(
                f"select unit, fingerprint, result from {self._table}"
            ).fetchall()
        }
        try:
            clock = identifier(_beside(schema, "intermediate"), "int_as_of_date")
            (self._learned_as_of,) = self._connection.execute(
                f"select learning_date from {clock}"
            ).fetchone()
        except duckdb.CatalogException:
            # Not of a build.
            self._learned_as_of = None

    def __call__(
        self,
        unit: str,
        function: Callable[..., Result],
        *arguments: object,
        report: Report | None = None,
        **settings: object,
    ) -> Result:
        """Return what a function returns, from memory where it was called alike before.

        Parameters
        ----------
        unit : str
            What is learned, in words: 'churn_90d at 2024-06-01'. Of one unit the last
            results are kept.
        function : callable
            Pure; of a module of this package. What it returns is made of numbers, text,
            arrays, dicts, lists, tuples, dataclasses of this package and fitted
            estimators.
        *arguments, **settings
            Of the same kinds.
        report : callable, optional
            Handed on to the function, which says what it is doing.

        Returns
        -------
        object
            Equal to ``function(*arguments, **settings)``, digit by digit.
        """
        key = fingerprint(function, (*arguments, settings))
        known = self._kept.get((unit, key))
        if known is not None:
            self._execute(
                f"update {self._table} set used_at = ? "
                "where unit = ? and fingerprint = ?",
                *(_now(), unit, key),
            )
            return _unpacked(known)
        result = anew(unit, function, *arguments, report=report, **settings)
        packed = _packed(result)
        # What could not be read again is learned each time.
        if not _strange_types(packed):
            now = _now()
            self._execute(
                f"insert into {self._table} (unit, fingerprint, library_versions, "
                "learned_at, used_at, result, learned_as_of, parameters) "
                "values (?, ?, ?, ?, ?, ?, ?, ?)",
                *(unit, key, library_versions(), now, now, packed),
                *(self._learned_as_of, _parameters(function, arguments, settings)),
            )
            self._execute(
                f"delete from {self._table} where unit = ? and fingerprint not in ("
                f"select fingerprint from {self._table} where unit = ? "
                "order by used_at desc limit ?)",
                *(unit, unit, KEPT),
            )
        return result

    def _execute(self, statement: str, *values: object) -> None:
        # Models work on several units at once.
        with self._lock:
            self._connection.execute(statement, list(values))


def recalling(session: duckdb.DuckDBPyConnection) -> Remember:
    """Return what knows all results in a private file, whichever model they are of.

    Parameters
    ----------
    session : DuckDBPyConnection
        To the private file, which may be open for reading only.

    Returns
    -------
    callable
        As `Memory.__call__`, but never calls the function: a `LookupError` names the
        unit that was not learned, or not from these rows by this code and these
        libraries.
    """

    def recall(
        unit: str,
        function: Callable[..., Result],
        *arguments: object,
        report: Report | None = None,
        **settings: object,
    ) -> Result:
        known = session.execute(
            "select result from learned.fits where unit = ? and fingerprint = ?",
            [unit, fingerprint(function, (*arguments, settings))],
        ).fetchall()
        if not known:
            raise LookupError(unit)
        return _unpacked(known[0][0])

    return recall


def _beside(schema: str, name: str) -> str:
    """Return a schema's name with another last word than ml, or with one more."""
    stem, _, last = schema.rpartition("_")
    return "_".join(filter(None, (stem if last == "ml" else schema, name)))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def fingerprint(function: Callable, arguments: tuple) -> str:
    """Return a hash of all that a result depends on.

    Parameters
    ----------
    function : callable
        Its name, and the code of the package it is of.
    arguments : tuple
        See `Memory.__call__`.

    Returns
    -------
    str
        SHA-256 over these and the versions of Python and of what fits, hexadecimal.
    """
    digest = hashlib.sha256()
    area = function.__module__.rsplit(".", 1)[0]
    known = (function.__qualname__, _code_version(area), library_versions())
    for part in _parts((*known, *arguments)):
        digest.update(part)
    return digest.hexdigest()


def _parameters(function: Callable, arguments: tuple, settings: dict) -> str:
    """Return the arguments of a call that are settings, not rows, as JSON by name."""
    named = inspect.signature(function).bind_partial(*arguments, **settings).arguments
    told = {}
    for name, value in named.items():
        with contextlib.suppress(TypeError):
            told[name] = json.loads(json.dumps(value, default=_as_setting))
    return json.dumps(told, sort_keys=True)


def _as_setting(value: object) -> object:
    """Return what JSON holds of a setting; whatever holds rows is none."""
    if isinstance(value, np.generic):
        return value.item()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return vars(value)
    raise TypeError


@cache
def _code_version(package: str) -> str:
    """Return a hash of the modules of a package, and of this one."""
    folder = Path(sys.modules[package].__file__ or "").parent
    digest = hashlib.sha256()
    for path in (*sorted(folder.glob("*.py")), Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _parts(value: object) -> Iterator[bytes]:
    """Yield bytes that are the same for equal values, and for no others."""
    yield type(value).__name__.encode()
    if isinstance(value, np.ma.MaskedArray):
        yield from _parts((np.ma.getmaskarray(value), value.filled(_nothing(value))))
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str}{value.shape}".encode()
        if value.dtype != object:
            yield np.ascontiguousarray(value).tobytes()
        elif value.size and isinstance(value.flat[0], np.ndarray):
            yield from _parts(list(value.flat))
        else:
            text = _numbered(value)
            yield from _parts((text.numbers, text.values))
    elif isinstance(value, spmatrix):
        coordinates = value.tocoo()
        yield str(value.shape).encode()
        yield from _parts((coordinates.row, coordinates.col, coordinates.data))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _parts((field.name, getattr(value, field.name)))
    elif isinstance(value, Mapping):
        for key in sorted(value, key=repr):
            yield from _parts((key, value[key]))
    elif isinstance(value, (list, tuple)):
        yield str(len(value)).encode()
        for element in value:
            yield from _parts(element)
    elif value is None or isinstance(value, (str, bool, int, float, np.generic)):
        text = repr(value)
        yield f"{len(text)}:{text}".encode()
    else:
        raise TypeError(f"a {type(value).__name__} has no fingerprint")


def _nothing(array: np.ndarray) -> Any:
    return None if array.dtype == object else np.zeros(1, array.dtype)[0]


@dataclasses.dataclass(frozen=True)
class _Text:
    """An array of objects as the numbers of its distinct elements."""

    numbers: np.ndarray
    values: list


def _packed(result: object) -> bytes:
    return skops.io.dumps(
        _numbered(result), compression=ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL
    )


def _unpacked(packed: bytes) -> Any:
    named = set(skops.io.get_untrusted_types(data=packed)) - _strange_types(packed)
    return _texted(skops.io.loads(packed, trusted=sorted(named)))


def _strange_types(packed: bytes) -> set[str]:
    """Return the types of a result that are neither ours nor known to be harmless."""
    return {
        name
        for name in skops.io.get_untrusted_types(data=packed)
        if name not in TRUSTED and not name.startswith(OURS)
    }


def _numbered(value: Any) -> Any:
    """Return a result with its texts as numbers: many texts are few distinct ones."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        places: dict[object, int] = {}
        numbers = [places.setdefault(element, len(places)) for element in value.ravel()]
        return _Text(np.array(numbers, np.int32).reshape(value.shape), list(places))
    return _each(_numbered, value)


def _texted(value: Any) -> Any:
    if isinstance(value, _Text):
        # Filled one by one: of a list of lists numpy would make a matrix.
        values = np.empty(len(value.values), dtype=object)
        values[:] = value.values
        return values[value.numbers]
    return _each(_texted, value)


def _each(change: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: change(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(change(element) for element in value)
    return value
