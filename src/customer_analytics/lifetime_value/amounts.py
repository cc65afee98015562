"""Amounts predicted by regressors: at earlier cut-offs, and today for everybody."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.lifetime_value.regressors import (
    REGRESSORS,
    Predict,
    fit_regressor,
    is_enough,
    quiet_fits,
)
from customer_analytics.memory import Remember, anew

BLOCK_SIZE = 200_000
# What a row is, and what came of it; every other column is a feature.
KEYS = {
    *("cutoff_date", "horizon_days", "is_as_of_date", "snapshot_date"),
    *("outcome_end_date", "customer_id", "customer_number", "row_number"),
    *("amount", "actual_amount"),
}


@threadpool_limits.wrap(limits=1)
@quiet_fits()
def backtest(
    training: duckdb.DuckDBPyRelation,
    scored: duckdb.DuckDBPyRelation,
    *,
    seed: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, np.ndarray]:
    """Predict at every cut-off with every regressor.

    Parameters
    ----------
    training : DuckDBPyRelation
        ``cutoff_date`` (text), ``horizon_days``, ``row_number``, ``amount`` (0 or more)
        and the features.
    scored : DuckDBPyRelation
        ``cutoff_date`` (text), ``customer_number`` and the features.
    seed : int
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Takes a line about what is done.

    Returns
    -------
    dict of arrays of shape (n_predictions,)
        ``cutoff_date``, ``horizon_days``, ``model``, ``customer_number``,
        ``predicted_amount`` and ``training_count``, the rows it was fitted on.
    """
    features = feature_names(training)
    columns: dict[str, list[np.ndarray]] = {
        name: []
        for name in (
            *("cutoff_date", "horizon_days", "model"),
            *("customer_number", "predicted_amount", "training_count"),
        )
    }
    for date, horizon in _cutoffs(training):
        started = time.perf_counter()
        rows, amounts = training_rows(training, date, horizon, features)
        if not is_enough(amounts):
            report(f"regressors at {date}, {horizon} days: not enough data")
            continue
        found = scored.filter(f"cutoff_date = '{date}'").order("customer_number")
        block = found.fetchnumpy()
        points = matrix(block, features)
        unit = f"amount_{horizon}d at {date}"
        predictions = remember(unit, predict, rows, amounts, points, seed)
        for name, predicted in predictions.items():
            count = len(points)
            columns["cutoff_date"].append(np.full(count, date, dtype=object))
            columns["horizon_days"].append(np.full(count, horizon))
            columns["model"].append(np.full(count, name, dtype=object))
            columns["customer_number"].append(block["customer_number"])
            columns["predicted_amount"].append(predicted)
            columns["training_count"].append(np.full(count, len(amounts)))
        report(
            f"regressors at {date}, {horizon} days: {len(amounts):,} rows, "
            f"{time.perf_counter() - started:.1f} s"
        )
    kinds = {"cutoff_date": object, "model": object, "predicted_amount": float}
    return {
        name: np.concatenate(values)
        if values
        else np.empty(0, dtype=kinds.get(name, np.int64))
        for name, values in columns.items()
    }


def predict(
    rows: np.ndarray, amounts: np.ndarray, points: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """Fit every regressor and predict.

    Parameters
    ----------
    rows : float array of shape (n_rows, n_features)
    amounts : float array of shape (n_rows,)
        0 or more.
    points : float array of shape (n_points, n_features)
        What to predict of.
    seed : int

    Returns
    -------
    dict of str to float array of shape (n_points,)
        By name of REGRESSORS, 0 or more.
    """
    with ThreadPoolExecutor() as pool:
        fits = [
            pool.submit(fit_regressor, name, rows, amounts, seed) for name in REGRESSORS
        ]
        return {
            name: fit.result()(points)
            for name, fit in zip(REGRESSORS, fits, strict=True)
        }


@dataclass(frozen=True)
class ServedRegressor:
    """A regressor that serves a horizon.

    Attributes
    ----------
    horizon_days : int
    model : str
    predict : callable
        See `regressors.fit_regressor`.
    training_count : int
    """

    horizon_days: int
    model: str
    predict: Predict
    training_count: int


@threadpool_limits.wrap(limits=1)
@quiet_fits()
def served_regressors(
    training: duckdb.DuckDBPyRelation,
    due: Sequence[tuple[int, str]],
    *,
    seed: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda line: None,
) -> list[ServedRegressor]:
    """Fit the regressors that serve.

    Parameters
    ----------
    training : DuckDBPyRelation
        As in `backtest`, of the as-of date only.
    due : sequence of (int, str)
        Horizon in days and regressor.
    seed : int
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Takes a line about what is done.

    Returns
    -------
    list of ServedRegressor
    """
    features = feature_names(training)
    served = []
    for date, horizon in _cutoffs(training):
        names = [name for days, name in due if days == horizon]
        rows, amounts = training_rows(training, date, horizon, features)
        if names and is_enough(amounts):
            for name in names:
                unit = f"amount_{horizon}d by {name}, served"
                predict = remember(unit, fit_regressor, name, rows, amounts, seed)
                served.append(ServedRegressor(horizon, name, predict, len(amounts)))
            report(f"{', '.join(names)} for {horizon} days: {len(amounts):,} rows")
    return served


@threadpool_limits.wrap(limits=1)
def forecast(
    session: duckdb.DuckDBPyConnection,
    scored: duckdb.DuckDBPyRelation,
    regressors: Sequence[ServedRegressor],
    *,
    report: Callable[[str], None] = lambda line: None,
) -> duckdb.DuckDBPyRelation:
    """Predict for everybody with the regressors that serve, block by block.

    Parameters
    ----------
    session : DuckDBPyConnection
        Where the result is gathered, in a temporary table.
    scored : DuckDBPyRelation
        ``cutoff_date`` (one), ``customer_number`` and the features, in the order of the
        training rows.
    regressors : sequence of ServedRegressor
    report : callable
        Takes a line about what is done.

    Returns
    -------
    DuckDBPyRelation
        ``cutoff_date`` (text), ``horizon_days``, ``model``, ``customer_number``,
        ``predicted_amount``, ``training_count``.
    """
    session.execute(
        "create or replace temp table forecast_amounts (cutoff_date varchar, "
        "horizon_days bigint, model varchar, customer_number bigint, "
        "predicted_amount double, training_count bigint)"
    )
    features = feature_names(scored)
    dates = scored.project("cutoff_date::varchar").distinct().fetchall()
    for block in _blocks(session, scored, features) if regressors else ():
        points = matrix(block, features)
        for one in regressors:
            session.register(
                "forecast_block",
                {"customer_number": block["customer_number"]}
                | {"predicted_amount": one.predict(points)},
            )
            session.execute(
                "insert into forecast_amounts select ?, ?, ?, customer_number, "
                "predicted_amount, ? from forecast_block",
                [dates[0][0], one.horizon_days, one.model, one.training_count],
            )
            session.unregister("forecast_block")
        report(f"scored {len(points):,} customers")
    return session.table("forecast_amounts")


@threadpool_limits.wrap(limits=1)
@quiet_fits()
def importances(
    training: duckdb.DuckDBPyRelation,
    scored: duckdb.DuckDBPyRelation,
    *,
    models: Sequence[str],
    repeats: int,
    seed: int,
    remember: Remember = anew,
) -> dict[str, np.ndarray]:
    """Measure how much worse customers are ranked when a feature is shuffled.

    Parameters
    ----------
    training : DuckDBPyRelation
        As in `backtest`.
    scored : DuckDBPyRelation
        ``cutoff_date`` (text), ``horizon_days``, ``customer_number``,
        ``actual_amount`` and the features, of customers held out.
    models : sequence of str
        Regressors to look into.
    repeats : int
        Times each feature is shuffled, 2 or more.
    seed : int
    remember : callable
        Asked for what was learned before; see `memory.Memory`.

    Returns
    -------
    dict of arrays of shape (n_models * n_horizons * n_features,)
        ``cutoff_date``, ``horizon_days``, ``model``, ``feature``, ``importance`` (loss
        of normalised Gini) and ``importance_std`` over the repeats.
    """
    features = feature_names(training)
    rows: list[tuple] = []
    for date, horizon in _cutoffs(scored):
        known, amounts = training_rows(training, date, horizon, features)
        block = (
            scored.filter(f"cutoff_date = '{date}' and horizon_days = {horizon}")
            .order("customer_number")
            .fetchnumpy()
        )
        if not is_enough(amounts) or not (block["actual_amount"] > 0).any():
            continue
        points, actual = matrix(block, features), block["actual_amount"].astype(float)
        for name in models:
            losses = remember(
                f"{name} of amount_{horizon}d at {date}",
                shuffling_losses,
                *(name, known, amounts, points, actual, repeats, seed),
            )
            rows += [
                (date, horizon, name, feature, loss, spread)
                for feature, (loss, spread) in zip(features, losses, strict=True)
            ]
    names = ("cutoff_date", "horizon_days", "model", "feature")
    kinds = (object, np.int64, object, object, float, float)
    return {
        name: np.array([row[i] for row in rows], dtype=kinds[i])
        for i, name in enumerate((*names, "importance", "importance_std"))
    }


def shuffling_losses(
    name: str,
    known: np.ndarray,
    amounts: np.ndarray,
    points: np.ndarray,
    actual: np.ndarray,
    repeats: int,
    seed: int,
) -> list[tuple[float, float]]:
    """Fit a regressor and shuffle one feature of what it predicts at a time.

    Parameters
    ----------
    name : str
        Of REGRESSORS.
    known, amounts : float arrays of shape (n_rows, n_features) and (n_rows,)
        What it is fitted on.
    points, actual : float arrays of shape (n_points, n_features) and (n_points,)
        What it is tried on, and what came.
    repeats, seed : int
        See `importances`.

    Returns
    -------
    list of (float, float), of length n_features
        Mean loss of normalised Gini, and its standard deviation over the repeats.
    """
    predict_amounts = fit_regressor(name, known, amounts, seed)
    whole = normalised_gini(actual, predict_amounts(points))
    draws = np.random.default_rng(seed)
    found = []
    for number in range(points.shape[1]):
        losses = []
        for _ in range(repeats):
            shuffled = points.copy()
            shuffled[:, number] = draws.permutation(shuffled[:, number])
            losses.append(whole - normalised_gini(actual, predict_amounts(shuffled)))
        found.append((float(np.mean(losses)), float(np.std(losses, ddof=1))))
    return found


def feature_names(training: duckdb.DuckDBPyRelation) -> list[str]:
    """Return the columns that are neither keys nor outcomes."""
    return [name for name in training.columns if name not in KEYS]


def normalised_gini(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Return how well a prediction ranks amounts: 1 as they are, 0 by chance.

    Parameters
    ----------
    actual, predicted : array of shape (n,)
        Not all actual amounts equal.

    Returns
    -------
    float
    """

    def gini(by: np.ndarray) -> float:
        _, place, count = np.unique(by, return_inverse=True, return_counts=True)
        ranks = (np.cumsum(count) - (count - 1) / 2)[place]
        return float(actual @ (2 * ranks - len(by) - 1))

    return gini(predicted) / gini(actual)


def training_rows(
    training: duckdb.DuckDBPyRelation,
    date: str,
    horizon: int,
    features: Sequence[str],
) -> tuple[np.ndarray, np.ndarray]:
    """Return features and amounts of the rows that a cut-off may learn from."""
    block = (
        training.filter(f"cutoff_date = '{date}' and horizon_days = {horizon}")
        .order("row_number")
        .fetchnumpy()
    )
    return matrix(block, features), block["amount"].astype(float)


def matrix(block: Mapping[str, np.ndarray], features: Sequence[str]) -> np.ndarray:
    """Return columns side by side as float32, unknown values as NaN."""
    columns = [
        np.ma.filled(np.ma.asarray(block[name]).astype(np.float32), np.nan)
        for name in features
    ]
    return np.column_stack(columns)


def _cutoffs(rows: duckdb.DuckDBPyRelation) -> list[tuple[str, int]]:
    found = rows.project("cutoff_date, horizon_days").distinct()
    return found.order("cutoff_date, horizon_days").fetchall()


def _blocks(
    session: duckdb.DuckDBPyConnection,
    scored: duckdb.DuckDBPyRelation,
    features: Sequence[str],
) -> Iterator[dict[str, np.ndarray]]:
    """Yield customers and their features, BLOCK_SIZE at a time."""
    scored.create_view("due_view")
    # Once into a table: the features are a view over all snapshots.
    session.execute("create or replace temp table due_customers as from due_view")
    session.execute("drop view due_view")
    ((last,),) = session.execute(
        "select coalesce(max(customer_number), 0) from due_customers"
    ).fetchall()
    for first in range(1, last + 1, BLOCK_SIZE):
        yield session.execute(
            f"select customer_number, {', '.join(features)} from due_customers "
            "where customer_number between ? and ? order by customer_number",
            [first, first + BLOCK_SIZE - 1],
        ).fetchnumpy()
    session.execute("drop table due_customers")
