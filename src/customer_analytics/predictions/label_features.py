"""What features tell of given outcomes: alone, and what models lose without them."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.predictions.backtest import Tuned, ignore_early_stops
from customer_analytics.predictions.label_baselines import one_feature
from customer_analytics.predictions.label_inputs import (
    Encoding,
    Known,
    Outcome,
    Settings,
    encoding,
)
from customer_analytics.predictions.labels import (
    Key,
    as_rows,
    fit_fold,
    shown_name,
    tuned_at,
)
from customer_analytics.predictions.models import PLAIN, Parameters
from customer_analytics.predictions.training import Columns

# How a feature is named in rows about what it tells alone.
ALONE = "alone"
# Of the models that can be explained, those that are shuffled.
EXPLAINED = ("logistic_regression", "random_forest", "xgboost")


def told_by_one(
    known: Known, outcome: Outcome, held: np.ndarray, settings: Settings
) -> dict[str, np.ndarray]:
    """Predict the customers held out by each feature alone.

    Parameters
    ----------
    known, outcome, held, settings
        See `judge_fold`.

    Returns
    -------
    dict of str to float array of shape (n_held_out, n_classes)
        By feature; a small tree on it, to which that it is unknown tells too.
    """
    training = known.of(~held)
    learnt: Encoding = encoding(training, settings.most_texts)
    rows, asked = learnt.matrix(training), learnt.matrix(known.of(held))
    found = {}
    for i, feature in enumerate(known.features):
        columns = learnt.columns_of(i)
        if not len(columns):
            continue
        found[feature] = np.column_stack(
            [
                one_feature(rows, values, columns, outcome.kind, settings.seed).score(
                    asked
                )
                for values in outcome.values[~held].T
            ]
        )
    return found


def shuffled(
    known: Known,
    outcome: Outcome,
    held: np.ndarray,
    model: str,
    tuned: Sequence[Tuned],
    settings: Settings,
    most_judged: int,
    repeats: int,
) -> list[tuple[str | None, int, np.ndarray, np.ndarray]]:
    """Predict the customers held out with one feature shuffled at a time.

    Parameters
    ----------
    known, outcome, held, settings
        See `judge_fold`.
    model, tuned
        See `fit_fold`.
    most_judged, repeats : int
        Customers asked about at most; times that each feature is shuffled.

    Returns
    -------
    list of (feature, repeat, positions of customers, predicted)
        None and 0 where nothing is shuffled (Breiman 2001).
    """
    fitted = fit_fold(known, outcome, held, model, PLAIN, tuned, settings)
    rng = np.random.default_rng(settings.seed)
    drawn = np.sort(rng.permutation(np.flatnonzero(held))[:most_judged])
    asked = known.of(drawn)
    found = [(None, 0, drawn, fitted.predict(asked))]
    for i, feature in enumerate(known.features):
        for repeat in range(1, repeats + 1):
            order = rng.permutation(len(drawn))
            numbers, texts = asked.numbers.copy(), asked.texts.copy()
            numbers[:, i], texts[:, i] = numbers[order, i], texts[order, i]
            changed = Known(known.features, numbers, texts)
            found.append((feature, repeat, drawn, fitted.predict(changed)))
    return found


def what_features_tell(
    known: Known,
    outcome: Outcome,
    customers: np.ndarray,
    settings: Settings,
    parameters: Mapping[Key, Parameters],
    *,
    most_judged: int,
    repeats: int,
    models: Sequence[str] = EXPLAINED,
    remember: Remember = anew,
) -> list[Columns]:
    """Predict by each feature alone, and by models with one feature shuffled.

    Parameters
    ----------
    known, outcome, customers, settings
        See `cross_validated`.
    parameters : mapping
        See `tuned_at`.
    most_judged, repeats
        See `shuffled`.
    models : sequence of str
        Those of them that are judged are shuffled, at the first fold.
    remember : callable
        See `memory.Memory`.

    Returns
    -------
    list of dicts of arrays
        Columns of `cross_validated` less ``parameters`` and ``n``, with ``feature``.
        Of each feature alone the model is 'alone', out of fold, in the first repeat.
    """
    own = outcome.target
    parts: list[Columns] = []

    def add(model: str, feature: str | None, repeat: int, rows, predicted) -> None:
        for i, name in enumerate(outcome.names):
            run = name, shown_name(model, outcome.kind), PLAIN, repeat, 1, "", 0
            columns = as_rows(run, customers[rows], predicted[:, i])
            columns["feature"] = np.full(len(rows), feature, dtype=object)
            parts.append(columns)

    with warnings.catch_warnings(), threadpool_limits(limits=1):
        ignore_early_stops()
        first = [split for split in settings.splits(outcome) if split[0] == 1]
        for _, fold, held in first:
            unit = f"{own}, features alone, fold {fold}"
            told = remember(unit, told_by_one, known, outcome, held, settings)
            for feature, predicted in told.items():
                add(ALONE, feature, 0, np.flatnonzero(held), predicted)
        for model in [name for name in models if name in settings.models]:
            unit = f"{own}, features of {model}"
            tuned = tuned_at(parameters, outcome, model, 1, 1)
            done = known, outcome, first[0][2], model, tuned, settings
            done = *done, most_judged, repeats
            for feature, repeat, rows, predicted in remember(unit, shuffled, *done):
                add(model, feature, repeat, rows, predicted)
    return parts
