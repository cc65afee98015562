"""Fit every model at every cut-off and predict what was not known then."""

import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.predictions.calibration import ISOTONIC, SIGMOID, calibrator
from customer_analytics.predictions.level import (
    expected_shift,
    needed_shift,
    shifted,
)
from customer_analytics.predictions.models import (
    KINDS,
    PLAIN,
    Parameters,
    as_json,
    fit,
    preparation,
)
from customer_analytics.predictions.training import (
    Columns,
    Task,
    tasks,
)

LEVEL = "level"
WITHOUT_EVENTS = "without_events"
VOTE = "soft_vote"
VOTER_COUNT = 3
# Calibrated on earlier cut-offs too: the ones likely to be served.
CALIBRATED = ("logistic_regression", "random_forest", "xgboost", VOTE)
# Share of the customers that tuning is judged on.
HELD_OUT_SHARE = 0.3


@dataclass(frozen=True)
class Tuned:
    """What the training part of a target's tuning date says is best.

    Attributes
    ----------
    parameters : dict of str to mapping
        By model.
    voters : sequence of str
        The best models, best first.
    """

    parameters: dict[str, Parameters]
    voters: Sequence[str]


@dataclass(frozen=True)
class Prediction:
    """One model's probabilities for the judged rows of a task.

    Attributes
    ----------
    model, variant, parameters : str
        Parameters as JSON.
    probabilities : float array of shape (n_judged,)
    """

    model: str
    variant: str
    parameters: str
    probabilities: np.ndarray


def back_test(
    inputs: Columns,
    labels: Columns,
    cutoffs: Columns,
    *,
    models: Sequence[str],
    comparison_cutoffs: int,
    most_rows: int,
    rows_per_customer: float,
    half_life_days: float,
    tuning_rows: int,
    threads: int,
    seed: int,
    event_count: int = 0,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda message: None,
) -> tuple[Columns, Columns]:
    """Predict every cut-off with models trained on what was over by then.

    Parameters
    ----------
    inputs, labels, cutoffs : dict of arrays
        See `training.tasks`.
    models : sequence of str
        Keys of `models.KINDS`.
    comparison_cutoffs : int
        Latest cut-offs at which models that do not contend, class weights and SMOTE
        are compared too.
    most_rows, rows_per_customer, half_life_days
        See `training.tasks`.
    tuning_rows : int
        Training rows of a fit while tuning, at most.
    threads : int
        Cut-offs worked on at once; the result does not depend on it.
    seed : int
    event_count : int
        Features made of events, the last ones of the inputs: where there are any, all
        models are judged without them too.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Told what is done.

    Returns
    -------
    runs : dict of arrays of shape (n_runs,)
        ``run_number`` (from 0), ``target``, ``model``, ``variant``, ``cutoff_date``
        (ISO text), ``parameters`` (JSON), ``seed``, ``n`` (training rows).
    predictions : dict of arrays of shape (n_predictions,)
        ``run_number``, ``customer_number``, ``probability`` (0..1, nine decimals).

    Raises
    ------
    ValueError
        If a model is unknown.
    """
    if unknown := set(models) - KINDS.keys():
        raise ValueError(f"models {sorted(unknown)} unknown, known: {sorted(KINDS)}")
    drawn = {
        "most_rows": most_rows,
        "rows_per_customer": rows_per_customer,
        "half_life_days": half_life_days,
        "seed": seed,
    }
    known = inputs, labels, cutoffs
    contenders = [name for name in models if KINDS[name].contends] or list(models)
    others = [name for name in models if name not in contenders]
    todo = [task for task in tasks(*known, **drawn) if not task.is_serving]
    tuning = list(tasks(*known, tuning=True, **drawn))
    dates: dict[str, list[str]] = {}
    for task in todo:
        dates.setdefault(task.target, []).append(task.date)
    runs: list[tuple] = []
    parts: list[tuple[int, np.ndarray, np.ndarray]] = []
    with (
        warnings.catch_warnings(),
        threadpool_limits(limits=1),
        ThreadPoolExecutor(max_workers=threads) as pool,
    ):
        ignore_early_stops()

        def tuned_at(task: Task) -> Tuned:
            unit = f"{task.target} tuned at {task.date}"
            rows = task.inputs, task.outcomes, task.groups
            return remember(unit, tune, *rows, contenders, tuning_rows, seed)

        tuned = {
            (task.target, task.day): found
            for task, found in zip(tuning, pool.map(tuned_at, tuning), strict=True)
        }

        def predicted(task: Task) -> list[Prediction]:
            unit = f"{task.target} at {task.date}"
            own = tuned[task.target, task.tuning_day]
            found = remember(unit, predict, task, own, seed)
            if event_count:
                settings = task, own, event_count, seed
                found += remember(f"{unit}, no events", predict_without, *settings)
            later = dates[task.target][dates[task.target].index(task.date) + 1 :]
            if len(later) < comparison_cutoffs:
                settings = own, others, tuning_rows, seed
                found += remember(f"{unit}, compared", compared, task, *settings)
            return found

        done: list[tuple[Task, list[Prediction]]] = []
        for task, found in zip(todo, pool.map(predicted, todo), strict=True):
            done.append((task, as_it_came(task, found)))
            found = found + calibrated(task, found, done)
            report(
                f"{task.target} at {task.date}: {len(found)} models and variants on "
                f"{len(task.outcomes)} rows, {len(task.judged_customers)} customers "
                f"judged ({len(done)} of {len(todo)})"
            )
            for one in found:
                parts.append((len(runs), task.judged_customers, one.probabilities))
                runs.append(_run(len(runs), task, one, seed))
    return _run_columns(runs), _prediction_columns(parts)


def ignore_early_stops() -> None:
    """Say nothing of perceptrons that are stopped early on purpose."""
    warnings.simplefilter("ignore", ConvergenceWarning)


def tune(
    inputs: np.ndarray,
    outcomes: np.ndarray,
    groups: np.ndarray,
    models: Sequence[str],
    most_rows: int,
    seed: int,
) -> Tuned:
    """Choose parameters on customers held out of the training part.

    Parameters
    ----------
    inputs, outcomes, groups : arrays
        Training rows of a tuning date (`training.Task`): what is known then is known at
        the cut-offs after it.
    models : sequence of str
    most_rows : int
    seed : int

    Returns
    -------
    Tuned
        By log loss; the first of a grid where nothing can be held out.
    """
    rng = np.random.default_rng(seed)
    kept = np.sort(rng.permutation(len(outcomes))[:most_rows])
    inputs, outcomes, groups = inputs[kept], outcomes[kept], groups[kept]
    customers = np.unique(groups)
    drawn = rng.permutation(customers)[: int(HELD_OUT_SHARE * len(customers))]
    held = np.isin(groups, drawn)
    steps = preparation(inputs[~held]) if not held.all() else None
    can_tune = all(len(np.unique(outcomes[part])) == 2 for part in (held, ~held))
    parameters: dict[str, Parameters] = {}
    losses: dict[str, float] = {}
    for model in models:
        grid = KINDS[model].grid
        tried = []
        for candidate in grid if can_tune else []:
            fitted = fit(
                model,
                inputs[~held],
                outcomes[~held],
                candidate,
                seed=seed,
                steps=steps,
            )
            tried.append(log_loss(fitted.score(inputs[held]), outcomes[held]))
        best = int(np.argmin(tried)) if tried else 0
        parameters[model] = grid[best]
        losses[model] = tried[best] if tried else 0.0
    # A tree beside a forest would vote twice.
    able = [
        model
        for model in models
        if model != "decision_tree" or "random_forest" not in models
    ]
    voters = sorted(able, key=lambda model: losses[model])[:VOTER_COUNT]
    return Tuned(parameters, voters)


def log_loss(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
    """Return the mean negative log-likelihood, rounded so that ties are ties."""
    kept = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return round(float(-np.log(np.where(outcomes, kept, 1 - kept)).mean()), 9)


def predict(task: Task, tuned: Tuned, seed: int) -> list[Prediction]:
    """Fit the tuned models on the training rows and score the judged ones.

    Parameters
    ----------
    task : Task
    tuned : Tuned
    seed : int

    Returns
    -------
    list of Prediction
        Each model as fitted, and with its level moved to the expected demand.
    """
    steps = preparation(task.inputs)
    found: list[Prediction] = []
    known: dict[str, np.ndarray] = {}
    asked: dict[str, np.ndarray] = {}
    for model, parameters in tuned.parameters.items():
        fitted = fit(
            model, task.inputs, task.outcomes, parameters, seed=seed, steps=steps
        )
        asked[model] = fitted.score(task.judged_inputs)
        text = as_json(parameters)
        known[model] = fitted.score(task.inputs)
        one = Prediction(model, PLAIN, text, asked[model])
        found += [one, _moved(task, one, known[model])]
    votes = [
        np.mean([scores[model] for model in tuned.voters], axis=0)
        for scores in (known, asked)
    ]
    vote = Prediction(VOTE, PLAIN, as_json({"voters": list(tuned.voters)}), votes[1])
    return [*found, vote, _moved(task, vote, votes[0])]


def predict_without(
    task: Task, tuned: Tuned, event_count: int, seed: int
) -> list[Prediction]:
    """Fit and score as `predict`, with all inputs but those made of events.

    Parameters
    ----------
    task : Task
    tuned : Tuned
    event_count : int
        How many inputs, from the last, are made of events.
    seed : int

    Returns
    -------
    list of Prediction
        Each model, and their vote, as fitted: the variant without_events.
    """
    kept = slice(None, -event_count)
    plain = replace(
        task,
        inputs=task.inputs[:, kept],
        judged_inputs=task.judged_inputs[:, kept],
    )
    return [
        replace(one, variant=WITHOUT_EVENTS)
        for one in predict(plain, tuned, seed)
        if one.variant == PLAIN
    ]


def compared(
    task: Task, tuned: Tuned, others: Sequence[str], tuning_rows: int, seed: int
) -> list[Prediction]:
    """Fit what is compared without being likely to serve; see `predict`.

    Parameters
    ----------
    task : Task
    tuned : Tuned
        Of the models that contend: these are fitted against class imbalance too.
    others : sequence of str
        Models that do not contend, tuned here.
    tuning_rows, seed
        See `tune`.

    Returns
    -------
    list of Prediction
        Other models as fitted; those against class imbalance with the level moved, so
        that they are compared with the rest on equal terms.
    """
    steps = preparation(task.inputs)
    rows = task.inputs, task.outcomes
    own = tune(*rows, task.groups, others, tuning_rows, seed) if others else None
    found = []
    for model, parameters in own.parameters.items() if own else ():
        fitted = fit(model, *rows, parameters, seed=seed, steps=steps)
        asked = fitted.score(task.judged_inputs)
        found.append(Prediction(model, PLAIN, as_json(parameters), asked))
    for model, parameters in tuned.parameters.items():
        for variant in KINDS[model].balancing:
            fitted = fit(
                model, *rows, parameters, variant=variant, seed=seed, steps=steps
            )
            asked = fitted.score(task.judged_inputs)
            one = Prediction(model, variant, as_json(parameters), asked)
            level = _moved(task, one, fitted.score(task.inputs))
            found.append(replace(level, variant=variant))
    return found


def _moved(task: Task, one: Prediction, known: np.ndarray) -> Prediction:
    """Return a prediction with its level moved, given what it says of training rows."""
    moved = shifted(one.probabilities, level_shift(known, task), task.direction)
    return replace(one, variant=LEVEL, probabilities=moved)


def level_shift(probabilities: np.ndarray, task: Task) -> float:
    """Return by how much the level is to be moved at the cut-off.

    Parameters
    ----------
    probabilities : float array of shape (n_training_rows,)
        The model's own for its training rows.
    task : Task

    Returns
    -------
    float
        See `level.expected_shift`.
    """
    days = np.unique(task.days)
    shifts = [
        needed_shift(
            probabilities[task.days == day],
            task.outcomes[task.days == day],
            task.direction,
        )
        for day in days
    ]
    return expected_shift(
        (days - task.day).astype(float),
        np.array(shifts),
        np.array([(task.days == day).sum() for day in days]),
        np.array([task.observed_changes[int(day)] for day in days]),
        task.expected_change,
        task.direction != 0,
    )


def as_it_came(task: Task, found: Sequence[Prediction]) -> list[Prediction]:
    """Return the predictions that later ones are calibrated on.

    The level of each is set to what came: calibration learns the shape, which lasts,
    and leaves the level, which does not, to `level_shift`.
    """
    return [
        replace(
            one,
            probabilities=levelled(
                one.probabilities, task.judged_outcomes, task.direction
            ),
        )
        for one in found
        if one.variant == LEVEL and one.model in CALIBRATED
    ]


def calibrated(
    task: Task,
    found: Sequence[Prediction],
    earlier: Sequence[tuple[Task, Sequence[Prediction]]],
) -> list[Prediction]:
    """Calibrate on predictions of earlier cut-offs whose outcomes are over.

    Parameters
    ----------
    task : Task
    found : sequence of Prediction
        Of this task.
    earlier : sequence of (Task, sequence of Prediction)
        Other tasks, `as_it_came`; those of other targets or not over by now are not
        used.

    Returns
    -------
    list of Prediction
        Variants sigmoid and isotonic of the levelled models worth calibrating.
    """
    over = [
        (other, predictions)
        for other, predictions in earlier
        if other.target == task.target and other.day + other.horizon_days <= task.day
    ]
    result = []
    for one in found:
        if one.variant != LEVEL or one.model not in CALIBRATED:
            continue
        known = [
            (p.probabilities, other.judged_outcomes)
            for other, predictions in over
            for p in predictions
            if p.model == one.model
        ]
        probabilities = np.concatenate([np.zeros(0), *(p for p, _ in known)])
        outcomes = np.concatenate([np.zeros(0, bool), *(y for _, y in known)])
        for method in (SIGMOID, ISOTONIC):
            mapped = calibrator(method, probabilities, outcomes)(one.probabilities)
            result.append(Prediction(one.model, method, one.parameters, mapped))
    return result


def levelled(
    probabilities: np.ndarray, outcomes: np.ndarray, direction: float
) -> np.ndarray:
    """Return probabilities whose level is that of the outcomes; see `level.shifted`."""
    shift = needed_shift(probabilities, outcomes, direction)
    return shifted(probabilities, shift, direction)


def _run(number: int, task: Task, one: Prediction, seed: int) -> tuple:
    return (
        number,
        task.target,
        one.model,
        one.variant,
        task.date,
        one.parameters,
        seed,
        len(task.outcomes),
    )


def _run_columns(runs: Sequence[tuple]) -> Columns:
    kinds = {
        "run_number": np.int32,
        "target": object,
        "model": object,
        "variant": object,
        "cutoff_date": object,
        "parameters": object,
        "seed": np.int64,
        "n": np.int64,
    }
    return {
        name: np.array([run[i] for run in runs], dtype=kind)
        for i, (name, kind) in enumerate(kinds.items())
    }


def _prediction_columns(
    parts: Sequence[tuple[int, np.ndarray, np.ndarray]],
) -> Columns:
    empty = [(0, np.zeros(0, np.int64), np.zeros(0))]
    return {
        "run_number": np.concatenate(
            [np.full(len(p), run, np.int32) for run, _, p in [*empty, *parts]]
        ),
        "customer_number": np.concatenate([c for _, c, _ in [*empty, *parts]]),
        "probability": np.concatenate(
            [np.round(np.clip(p, 0, 1), 9) for _, _, p in [*empty, *parts]]
        ),
    }
