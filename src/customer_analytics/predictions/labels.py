"""Given outcomes, predicted for customers that a model has not seen, and judged so."""

import json
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import duckdb
import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.predictions.backtest import VOTE, Tuned, ignore_early_stops
from customer_analytics.predictions.label_baselines import BASELINES
from customer_analytics.predictions.label_inputs import (
    AMOUNT,
    Known,
    Outcome,
    Settings,
    encoding,
)
from customer_analytics.predictions.label_models import (
    LabelModel,
    fit_label_model,
    tune_label_models,
)
from customer_analytics.predictions.models import KINDS, PLAIN, Parameters, as_json
from customer_analytics.predictions.number_models import NAMES
from customer_analytics.predictions.training import Columns

# Target of a class, model as in tables, repeat and fold.
Key = tuple[str, str, int, int]


@dataclass(frozen=True)
class Judged:
    """What one model says of the customers held out of a fold.

    Attributes
    ----------
    model, variant : str
    parameters : list of str
        JSON, by class.
    predicted : float array of shape (n_held_out, n_classes)
    """

    model: str
    variant: str
    parameters: list[str]
    predicted: np.ndarray


def judge_fold(
    known: Known, outcome: Outcome, held: np.ndarray, settings: Settings
) -> list[Judged]:
    """Tune and fit every model on the rest, and predict the customers held out.

    Parameters
    ----------
    known : Known
        Customers whose outcome is given.
    outcome : Outcome
    held : bool array of shape (n_customers,)
    settings : Settings

    Returns
    -------
    list of Judged
        All kinds of models, those against class imbalance by class weights and SMOTE,
        the vote of the best three, and the baselines.
    """
    training = known.of(~held)
    own = replace(outcome, values=outcome.values[~held])
    learnt = encoding(training, settings.most_texts)
    rows = learnt.matrix(training)
    tuned = tune_label_models(
        rows, own, settings.models, settings.tuning_rows, settings.seed
    )
    todo = [(name, PLAIN) for name in (*BASELINES, *settings.models, VOTE)]
    if outcome.kind != AMOUNT:
        todo += [(m, v) for m in settings.models for v in KINDS[m].balancing]
    asked = known.of(held)
    found: list[Judged] = []
    plain: dict[str, LabelModel] = {}
    for model, variant in todo:
        if model == VOTE:
            # Of the models fitted above.
            fitted = voted([plain[name] for name in settings.models], tuned, settings)
        else:
            fitted = fit_label_model(
                *(training, own, model, tuned, learnt),
                variant=variant,
                seed=settings.seed,
            )
        if variant == PLAIN:
            plain[model] = fitted
        texts = [as_json(_told(model, one)) for one in tuned]
        found.append(Judged(model, variant, texts, fitted.predict(asked)))
    return found


def voted(
    models: Sequence[LabelModel], tuned: Sequence[Tuned], settings: Settings
) -> LabelModel:
    """Return the vote of fitted models.

    Parameters
    ----------
    models : sequence of LabelModel
        In the order of the settings.
    tuned : sequence of Tuned
        By class: who votes.
    settings : Settings

    Returns
    -------
    LabelModel
    """
    by_name = dict(zip(settings.models, models, strict=True))
    members = [
        [by_name[name].members[i][0] for name in one.voters]
        for i, one in enumerate(tuned)
    ]
    return replace(models[0], members=members)


def _told(model: str, tuned: Tuned) -> Parameters:
    if model in BASELINES:
        return {}
    return {"voters": list(tuned.voters)} if model == VOTE else tuned.parameters[model]


def tuned_at(
    parameters: Mapping[Key, Parameters],
    outcome: Outcome,
    model: str,
    repeat: int,
    fold: int,
) -> list[Tuned]:
    """Return what was tuned at a fold, by class, of one model or those that vote.

    Parameters
    ----------
    parameters : mapping of (target of a class, model, repeat, fold) to mapping
        As `cross_validated` told them.
    outcome : Outcome
    model : str
    repeat, fold : int

    Returns
    -------
    list of Tuned
    """
    result = []
    for name in outcome.names:

        def of(kind: str, name: str = name) -> Parameters:
            return parameters[name, shown_name(kind, outcome.kind), repeat, fold]

        voters = of(VOTE)["voters"] if model == VOTE else []
        names = voters or [m for m in [model] if m not in BASELINES]
        result.append(Tuned({kind: of(kind) for kind in names}, voters))
    return result


def all_parameters(
    rows: Iterable[tuple[str, str, int, int, str]],
) -> dict[Key, Parameters]:
    """Return parameters by target of a class, model, repeat and fold, from JSON."""
    return {(t, m, r, f): json.loads(text) for t, m, r, f, text in rows}


def read_parameters(predictions: duckdb.DuckDBPyRelation) -> dict[Key, Parameters]:
    """Return what was tuned in the first repeat, from ml_label_predictions."""
    tuned = predictions.filter("variant = 'plain' and repeat = 1")
    key = "target, model, repeat, fold, parameters"
    return all_parameters(tuned.project(key).distinct().fetchall())


def fit_fold(
    known: Known,
    outcome: Outcome,
    held: np.ndarray,
    model: str,
    variant: str,
    tuned: Sequence[Tuned],
    settings: Settings,
) -> LabelModel:
    """Fit one model as it was judged, on the customers that are not held out.

    Parameters
    ----------
    known, outcome, held, settings
        See `judge_fold`.
    model, variant : str
    tuned : sequence of Tuned
        By class: with the parameters of the model, or of all that vote.

    Returns
    -------
    LabelModel
    """
    training = known.of(~held)
    own = replace(outcome, values=outcome.values[~held])
    learnt = encoding(training, settings.most_texts)
    return fit_label_model(
        training, own, model, tuned, learnt, variant=variant, seed=settings.seed
    )


def cross_validated(
    known: Known,
    outcome: Outcome,
    customers: np.ndarray,
    settings: Settings,
    *,
    threads: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda message: None,
) -> list[Columns]:
    """Predict every customer by models that have not seen the outcome.

    Parameters
    ----------
    known, outcome
        Customers whose outcome is given.
    customers : int array of shape (n_customers,)
        Their numbers.
    settings : Settings
    threads : int
        Folds worked on at once; the result does not depend on it.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Told what is done.

    Returns
    -------
    list of dicts of arrays
        ``target`` ('plan=basic' of a class), ``model``, ``variant``, ``repeat``,
        ``fold``, ``parameters`` (JSON), ``n`` (training rows), ``label_row`` and
        ``predicted``, for each fold, model and class.
    """
    splits = list(settings.splits(outcome))

    def judged(split: tuple[int, int, np.ndarray]) -> list[Judged]:
        repeat, fold, held = split
        unit = f"{outcome.target}, repeat {repeat}, fold {fold}"
        return remember(unit, judge_fold, known, outcome, held, settings)

    parts = []
    with (
        warnings.catch_warnings(),
        threadpool_limits(limits=1),
        ThreadPoolExecutor(max_workers=threads) as pool,
    ):
        ignore_early_stops()
        for split, found in zip(splits, pool.map(judged, splits), strict=True):
            repeat, fold, held = split
            for one in found:
                for i, name in enumerate(outcome.names):
                    key = (name, shown_name(one.model, outcome.kind), one.variant)
                    run = *key, repeat, fold, one.parameters[i], int((~held).sum())
                    parts.append(as_rows(run, customers[held], one.predicted[:, i]))
            report(
                f"{outcome.target}, repeat {repeat}, fold {fold}: {len(found)} models "
                f"and variants on {int((~held).sum())} customers"
            )
    return parts


def shown_name(model: str, kind: str) -> str:
    """Return the name of a model in tables: of numbers there are no odds."""
    return NAMES.get(model, model) if kind == AMOUNT else model


def as_rows(run: tuple, customers: np.ndarray, predicted: np.ndarray) -> Columns:
    """Return the columns of one run and class; see `cross_validated`."""
    names = ("target", "model", "variant", "repeat", "fold", "parameters", "n")
    kinds = (object, object, object, np.int32, np.int32, object, np.int64)
    columns = {
        name: np.full(len(customers), value, dtype=kind)
        for name, value, kind in zip(names, run, kinds, strict=True)
    }
    return columns | {
        "label_row": np.asarray(customers, dtype=np.int64),
        "predicted": np.round(np.asarray(predicted, dtype=float), 9),
    }


NO_ROWS = as_rows(("", "", "", 0, 0, "", 0), np.zeros(0, np.int64), np.zeros(0))
