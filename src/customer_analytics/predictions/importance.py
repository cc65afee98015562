"""What models lose when a feature is shuffled, and what they say themselves."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.predictions.backtest import ignore_early_stops
from customer_analytics.predictions.models import Fitted, Parameters, fit
from customer_analytics.predictions.training import (
    Columns,
    Task,
    input_matrix,
    tasks,
)

# Told apart by what they are made of, and cheap to ask again.
EXPLAINED = ("logistic_regression", "random_forest", "xgboost")


def shuffled_predictions(
    inputs: Columns,
    labels: Columns,
    cutoffs: Columns,
    parameters: Mapping[tuple[str, str], Parameters],
    *,
    most_judged: int,
    repeats: int,
    threads: int,
    task_settings: Mapping[str, float],
    seed: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda message: None,
) -> Columns:
    """Predict each target's last cut-off with one feature shuffled at a time.

    Parameters
    ----------
    inputs, labels, cutoffs : dict of arrays
        See `training.tasks`.
    parameters : mapping of (target, model) to mapping
        Tuned parameters; models that were not tuned are left out.
    most_judged : int
        Customers looked at, at most.
    repeats : int
        Times that each feature is shuffled.
    threads : int
        Targets worked on at once; the result does not depend on it.
    task_settings : mapping
        How training rows are drawn; see `training.tasks`.
    seed : int
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Told what is done.

    Returns
    -------
    dict of arrays of shape (n_scores,)
        ``target``, ``model``, ``cutoff_date`` (ISO text), ``feature`` (None for nothing
        shuffled), ``repeat`` (from 1; 0 where nothing is), ``customer_number`` (0 where
        the row is about the model itself), ``probability`` (0..1) and
        ``own_importance``: the model's own measure as a share of all features' (size of
        the coefficient, fall of impurity, or gain), NaN in rows about a customer.

    References
    ----------
    Breiman (2001), Random Forests, Machine Learning 45, section 10.
    """
    _, _, features = input_matrix(inputs)
    last: dict[str, Task] = {}
    for task in tasks(inputs, labels, cutoffs, seed=seed, **task_settings):
        if not task.is_serving:
            last[task.target] = task

    def explained(task: Task) -> Columns:
        own = {
            model: parameters[task.target, model]
            for model in EXPLAINED
            if (task.target, model) in parameters
        }
        unit = f"{task.target} at {task.date}"
        return remember(unit, explain, task, own, features, most_judged, repeats, seed)

    parts = [_NO_ROWS]
    with (
        warnings.catch_warnings(),
        threadpool_limits(limits=1),
        ThreadPoolExecutor(max_workers=threads) as pool,
    ):
        ignore_early_stops()
        for task, found in zip(
            last.values(), pool.map(explained, last.values()), strict=True
        ):
            parts.append(found)
            report(f"{task.target}: {len(features)} features shuffled {repeats} times")
    return _joined(parts)


def _joined(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def explain(
    task: Task,
    parameters: Mapping[str, Parameters],
    features: Sequence[str],
    most_judged: int,
    repeats: int,
    seed: int,
) -> Columns:
    """Fit models at one cut-off and predict with one feature shuffled at a time.

    Parameters
    ----------
    task : Task
    parameters : mapping of str to mapping
        Tuned ones by model.
    features : sequence of str
        Names of the columns of the task's inputs.
    most_judged, repeats, seed : int
        See `shuffled_predictions`.

    Returns
    -------
    dict of arrays
        Rows of what `shuffled_predictions` returns.
    """
    found = [_NO_ROWS]
    for model, own in parameters.items():
        fitted = fit(model, task.inputs, task.outcomes, own, seed=seed)
        found += _shuffled(fitted, task, features, most_judged, repeats, seed)
        found.append(_own(fitted, task, features))
    return _joined(found)


def _shuffled(
    fitted: Fitted,
    task: Task,
    features: Sequence[str],
    most_judged: int,
    repeats: int,
    seed: int,
) -> list[Columns]:
    rng = np.random.default_rng(seed)
    drawn = np.sort(rng.permutation(len(task.judged_customers))[:most_judged])
    customers = task.judged_customers[drawn]
    asked = task.judged_inputs[drawn]
    key = (task.target, fitted.name, task.date)
    none = np.full(len(drawn), np.nan)
    # Asked all at once, which is many times faster.
    told: list[tuple[str | None, int]] = [(None, 0)]
    changed = [asked]
    for number, feature in enumerate(features):
        for repeat in range(1, repeats + 1):
            told.append((feature, repeat))
            changed.append(asked.copy())
            changed[-1][:, number] = rng.permutation(asked[:, number])
    scores = np.split(fitted.score(np.concatenate(changed)), len(changed))
    return [
        _part(*key, *one, customers, scored, none)
        for one, scored in zip(told, scores, strict=True)
    ]


def _own(fitted: Fitted, task: Task, features: Sequence[str]) -> Columns:
    if fitted.name == "logistic_regression":
        sizes = np.abs(fitted.classifier.coef_[0])
    else:
        sizes = np.asarray(fitted.classifier.feature_importances_, dtype=float)
    total = sizes.sum()
    shares = sizes / total if total > 0 else sizes
    part = _part(
        task.target,
        fitted.name,
        task.date,
        None,
        0,
        np.zeros(len(features), np.int64),
        np.full(len(features), np.nan),
        shares,
    )
    return part | {"feature": np.array(features, dtype=object)}


def _part(
    target: str,
    model: str,
    date: str,
    feature: str | None,
    repeat: int,
    customers: np.ndarray,
    probabilities: Sequence[float] | np.ndarray,
    own: Sequence[float] | np.ndarray,
) -> Columns:
    count = len(customers)
    return {
        "target": np.full(count, target, dtype=object),
        "model": np.full(count, model, dtype=object),
        "cutoff_date": np.full(count, date, dtype=object),
        "feature": np.full(count, feature, dtype=object),
        "repeat": np.full(count, repeat, dtype=np.int32),
        "customer_number": customers.astype(np.int64),
        "probability": np.round(np.asarray(probabilities, dtype=float), 9),
        "own_importance": np.round(np.asarray(own, dtype=float), 9),
    }


_NO_ROWS = _part("", "", "", None, 0, np.zeros(0, np.int64), [], [])
