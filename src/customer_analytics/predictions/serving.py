"""Fit the chosen models as of now and score everybody, block by block."""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.predictions.backtest import (
    LEVEL,
    VOTE,
    ignore_early_stops,
    level_shift,
    levelled,
)
from customer_analytics.predictions.calibration import (
    ISOTONIC,
    SIGMOID,
    Calibrator,
    calibrator,
)
from customer_analytics.predictions.contributions import contributions, strongest
from customer_analytics.predictions.level import shifted
from customer_analytics.predictions.models import PLAIN, Fitted, Parameters, Vote, fit
from customer_analytics.predictions.training import (
    Columns,
    Task,
    as_days,
    input_matrix,
    read_inputs,
    tasks,
)

BLOCK_SIZE = 100_000
BLEND = "blend"
REASON_COUNT = 3


@dataclass(frozen=True)
class Served:
    """A model that serves a target.

    Attributes
    ----------
    target : str
    fitted : Fitted or Vote
    shift, direction : float
        How its level is moved (`level.shifted`).
    calibrate : Calibrator
        What its probabilities go through last.
    typical : float array of shape (n_features,)
        Median of the training rows.
    n : int
        Training rows.
    """

    target: str
    fitted: Fitted | Vote
    shift: float
    direction: float
    calibrate: Calibrator
    typical: np.ndarray
    n: int

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Return probabilities; see `models.Fitted.score`."""
        given = self.fitted.score(inputs)
        return self.calibrate(shifted(given, self.shift, self.direction))


def fit_served(
    task: Task,
    model: str,
    variant: str,
    parameters: Mapping[str, Parameters],
    earlier: tuple[np.ndarray, np.ndarray],
    seed: int,
) -> Served:
    """Fit a chosen model as it was judged, on what is over by now.

    Parameters
    ----------
    task : Task
        The serving cut-off.
    model, variant : str
    parameters : mapping of str to mapping
        Tuned ones by model; those of soft_vote name its voters.
    earlier : (float array, bool array)
        Probabilities of the levelled model at all cut-offs, and what came.
    seed : int
        The one it was judged with.

    Returns
    -------
    Served
    """
    balancing = PLAIN if variant in (PLAIN, LEVEL, SIGMOID, ISOTONIC) else variant
    names = parameters[VOTE]["voters"] if model == VOTE else [model]
    members = [
        fit(
            name,
            task.inputs,
            task.outcomes,
            parameters[name],
            variant=balancing,
            seed=seed,
        )
        for name in names
    ]
    fitted = Vote(members) if model == VOTE else members[0]
    shift = 0.0
    if variant != PLAIN:
        shift = level_shift(fitted.score(task.inputs), task)
    calibrate = Calibrator()
    if variant in (SIGMOID, ISOTONIC):
        calibrate = calibrator(variant, *earlier)
    typical = np.array([_median(column) for column in task.inputs.T])
    return Served(
        *(task.target, fitted, shift, task.direction),
        *(calibrate, typical, len(task.outcomes)),
    )


def _median(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else 0.0


def last_parameters(
    runs: duckdb.DuckDBPyRelation,
) -> dict[tuple[str, str], Parameters]:
    """Return parameters by target and model, as tuned for the last cut-off.

    Parameters
    ----------
    runs : DuckDBPyRelation
        ``target``, ``model``, ``variant``, ``cutoff_date`` and ``parameters`` (JSON).
    """
    tuned = runs.filter("variant = 'plain'").aggregate(
        "target, model, arg_max(parameters, cutoff_date)", "target, model"
    )
    return {
        (target, model): json.loads(text) for target, model, text in tuned.fetchall()
    }


def _calibration_rows(
    earlier: Columns, target: str, direction: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities with each cut-off's level as it came, and outcomes."""
    mine = np.flatnonzero(earlier["target"] == target)
    given = np.asarray(earlier["probability"][mine], dtype=float)
    outcomes = np.asarray(earlier["is_positive"][mine], dtype=bool)
    dates = as_days(earlier["cutoff_date"][mine])
    result = np.zeros(len(mine))
    for date in np.unique(dates):
        own = dates == date
        result[own] = levelled(given[own], outcomes[own], direction)
    return result, outcomes


def score_everybody(
    session: duckdb.DuckDBPyConnection,
    inputs: duckdb.DuckDBPyRelation,
    due: duckdb.DuckDBPyRelation,
    served: list[Served],
    topics: Mapping[str, str],
    report: Callable[[str], None] = lambda message: None,
    event_features: Sequence[str] = (),
) -> duckdb.DuckDBPyRelation:
    """Score every eligible customer with the models that serve.

    Parameters
    ----------
    session : DuckDBPyConnection
        Where the result is gathered, in a temporary table.
    inputs : DuckDBPyRelation
        Rows of int_prediction_inputs at the as-of date.
    due : DuckDBPyRelation
        ``target`` and ``feature_row`` of who is eligible for what.
    served : list of Served
    topics : mapping of str to str
        What each feature is about (`contributions.strongest`).
    report : callable
        Told how far it is.
    event_features : sequence of str
        See `training.read_inputs`.

    Returns
    -------
    DuckDBPyRelation
        ``target``, ``feature_row``, ``probability``, ``n`` (training rows), and of the
        three topics that moved it most the leading ``feature_1``..``3`` and their
        ``contribution_1``..``3`` in log-odds; null where there are fewer topics.
    """
    reasons = [
        f"feature_{i} varchar, contribution_{i} double"
        for i in range(1, REASON_COUNT + 1)
    ]
    session.execute(
        "create or replace temp table scored_customers (target varchar, "
        f"feature_row bigint, probability double, n bigint, {', '.join(reasons)})"
    )
    first, last = inputs.aggregate("min(feature_row), max(feature_row)").fetchall()[0]
    starts = range(first, last + 1, BLOCK_SIZE) if first is not None and served else []
    for start in starts:
        within = f"feature_row between {start} and {start + BLOCK_SIZE - 1}"
        numbers, matrix, features = input_matrix(
            read_inputs(inputs.filter(within), event_features)
        )
        pairs = due.filter(within).order("target, feature_row").fetchnumpy()
        for one in served:
            rows = pairs["feature_row"][pairs["target"] == one.target]
            own = matrix[np.searchsorted(numbers, rows)]
            with threadpool_limits(limits=1):
                _insert(session, one, rows, own, features, topics)
        report(
            f"scored customers up to row {min(start + BLOCK_SIZE - 1, last)} of {last}"
        )
    return session.table("scored_customers")


def _insert(
    session: duckdb.DuckDBPyConnection,
    one: Served,
    rows: np.ndarray,
    matrix: np.ndarray,
    features: list[str],
    topics: Mapping[str, str],
) -> None:
    parts = contributions(one.fitted, matrix, one.typical)
    about = np.array([topics[name] for name in features], dtype=object)
    order, values = strongest(parts, about, REASON_COUNT)
    # -1, no such topic, is the last.
    names = np.array([*features, None], dtype=object)
    block: Columns = {
        "feature_row": np.asarray(rows, dtype=np.int64),
        "probability": np.round(np.clip(one.score(matrix), 0, 1), 9),
    }
    for i in range(REASON_COUNT):
        block[f"feature_{i + 1}"] = names[order[:, i]]
        block[f"contribution_{i + 1}"] = np.round(values[:, i], 9)
    session.register("scored_block", block)
    columns = ", ".join(f"feature_{i}, contribution_{i}" for i in (1, 2, 3))
    session.execute(
        "insert into scored_customers select ?, feature_row, probability, ?, "
        f"{columns} from scored_block",
        [one.target, one.n],
    )
    session.unregister("scored_block")


def served_models(
    inputs: Columns,
    labels: Columns,
    cutoffs: Columns,
    choices: Columns,
    parameters: Mapping[tuple[str, str], Parameters],
    earlier: Columns,
    *,
    task_settings: Mapping[str, float],
    seed: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda message: None,
) -> list[Served]:
    """Fit the chosen model of every target that a model serves.

    Parameters
    ----------
    inputs, labels, cutoffs : dict of arrays
        See `training.tasks`.
    choices : dict of arrays of shape (n_targets,)
        ``target``, ``model`` and ``variant``; targets that a baseline serves left out.
        A blend is fitted as its vote: BG/NBD is added to what that says.
    parameters : mapping of (target, model) to mapping
        Tuned parameters.
    earlier : dict of arrays
        ``target``, ``cutoff_date``, ``probability``, ``is_positive`` of the chosen
        models that are calibrated, levelled.
    task_settings : mapping
        How training rows are drawn; see `training.tasks`.
    seed : int
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Told what is fitted.

    Returns
    -------
    list of Served
        By target.
    """
    chosen = {
        str(t): (VOTE if m == BLEND else str(m), str(v))
        for t, m, v in zip(
            choices["target"], choices["model"], choices["variant"], strict=True
        )
    }
    result = []
    for task in tasks(inputs, labels, cutoffs, seed=seed, **task_settings):
        if not task.is_serving or task.target not in chosen:
            continue
        model, variant = chosen[task.target]
        own = {m: p for (target, m), p in parameters.items() if target == task.target}
        known = _calibration_rows(earlier, task.target, task.direction)
        with warnings.catch_warnings(), threadpool_limits(limits=1):
            ignore_early_stops()
            unit = f"{task.target} at {task.date}, served"
            one = remember(unit, fit_served, task, model, variant, own, known, seed)
        report(f"{task.target} is served by {model} ({variant}), {one.n} rows")
        result.append(one)
    return result
