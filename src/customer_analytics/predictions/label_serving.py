"""Score everybody by the chosen models of given outcomes, and say why."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.predictions.backtest import ignore_early_stops
from customer_analytics.predictions.contributions import strongest
from customer_analytics.predictions.label_inputs import (
    MULTICLASS,
    Known,
    Outcome,
    Settings,
    gathered,
)
from customer_analytics.predictions.label_models import LabelModel
from customer_analytics.predictions.labels import Key, fit_fold, tuned_at
from customer_analytics.predictions.models import Parameters
from customer_analytics.predictions.number_models import NAMES
from customer_analytics.predictions.training import Columns

BLOCK_SIZE = 100_000
REASON_COUNT = 3
SCORED = {
    "target": object,
    "label_row": np.int64,
    "predicted_class": object,
    "predicted": float,
    "n": np.int64,
    **{f"feature_{i}": object for i in range(1, REASON_COUNT + 1)},
    **{f"contribution_{i}": float for i in range(1, REASON_COUNT + 1)},
}


@dataclass(frozen=True)
class ServedLabel:
    """The models that serve a target.

    Attributes
    ----------
    outcome : Outcome
        Of the customers learned from.
    features : list of str
    rows : int array of shape (n_customers,)
        Whose outcomes these are, rising.
    fold_of : int array of shape (n_customers,)
        Fold in which each was held out, from 1.
    models : list of LabelModel
        By fold, each blind to the customers of its fold; the first, of fold 0, has
        seen everybody.
    """

    outcome: Outcome
    features: list[str]
    rows: np.ndarray
    fold_of: np.ndarray
    models: list[LabelModel]


def served_label(
    known: Known,
    outcome: Outcome,
    rows: np.ndarray,
    choice: tuple[str, str],
    parameters: Mapping[Key, Parameters],
    settings: Settings,
    *,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda message: None,
) -> ServedLabel:
    """Fit the chosen model on all folds but each, and on everybody.

    Parameters
    ----------
    known, outcome
        Customers whose outcome is given.
    rows : int array of shape (n_customers,)
        Their numbers.
    choice : (str, str)
        Model, as in tables, and variant.
    parameters : mapping
        As tuned at each fold; see `labels.tuned_at`. Everybody's are those of the last.
    settings : Settings
    remember, report : callable
        See `labels.cross_validated`.

    Returns
    -------
    ServedLabel
    """
    shown, variant = choice
    model = {name: kind for kind, name in NAMES.items()}.get(shown, shown)
    nobody = np.zeros(len(known), dtype=bool)
    splits = [held for repeat, _, held in settings.splits(outcome) if repeat == 1]
    fold_of = np.zeros(len(known), dtype=np.int64)
    models = []
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        ignore_early_stops()
        for fold, held in enumerate([nobody, *splits]):
            fold_of[held] = fold
            tuned = tuned_at(parameters, outcome, model, 1, fold or len(splits))
            unit = f"{outcome.target}, served to {f'fold {fold}' if fold else 'others'}"
            own = known, outcome, held, model, variant, tuned, settings
            models.append(remember(unit, fit_fold, *own))
    report(f"{outcome.target} is served by {shown} ({variant}), {len(known)} customers")
    return ServedLabel(outcome, known.features, rows, fold_of, models)


def score_labels(
    session: duckdb.DuckDBPyConnection,
    inputs: duckdb.DuckDBPyRelation,
    customers: duckdb.DuckDBPyRelation,
    served: list[ServedLabel],
) -> duckdb.DuckDBPyRelation:
    """Score every customer, those with an outcome by a model that has not seen it.

    Parameters
    ----------
    session : DuckDBPyConnection
        Where the result is gathered, in a temporary table.
    inputs : DuckDBPyRelation
        Rows of int_label_inputs as of now.
    customers : DuckDBPyRelation
        ``label_row`` of everybody.
    served : list of ServedLabel

    Returns
    -------
    DuckDBPyRelation
        ``target``, ``label_row``, ``predicted_class`` (of several classes the most
        probable), ``predicted`` (probability, or number), ``n`` (customers learned
        from), and of the features that moved it most ``feature_1``..``3`` and
        ``contribution_1``..``3``.
    """
    kinds = {object: "varchar", float: "double", np.int64: "bigint"}
    columns = ", ".join(f"{name} {kinds[kind]}" for name, kind in SCORED.items())
    session.execute(f"create or replace temp table scored_labels ({columns})")
    most = customers.aggregate("max(label_row)").fetchall()[0][0] or 0
    for start in range(0, most + 1 if served else 0, BLOCK_SIZE):
        within = f"label_row between {start} and {start + BLOCK_SIZE - 1}"
        rows = customers.filter(within).order("label_row").fetchnumpy()["label_row"]
        given = inputs.filter(within).order("feature, label_row").fetchnumpy()
        for one in served:
            known = gathered(given, np.asarray(rows), one.features)
            session.register("scored_block", _scored(one, known, np.asarray(rows)))
            session.execute("insert into scored_labels by name from scored_block")
            session.unregister("scored_block")
    return session.table("scored_labels")


def _scored(one: ServedLabel, known: Known, rows: np.ndarray) -> Columns:
    block: Columns = {
        name: np.full(len(rows), None if kind is object else 0, dtype=kind)
        for name, kind in SCORED.items()
    }
    block["target"][:] = one.outcome.target
    block["label_row"][:] = rows
    at = np.minimum(np.searchsorted(one.rows, rows), len(one.rows) - 1)
    folds = np.where(one.rows[at] == rows, one.fold_of[at], 0)
    for fold, model in enumerate(one.models):
        own = np.flatnonzero(folds == fold)
        if not len(own):
            continue
        asked = known.of(own)
        with threadpool_limits(limits=1):
            predicted = model.predict(asked)
            best = predicted.argmax(axis=1)
            parts = model.explain(asked, best)
        block["predicted"][own] = np.round(predicted[np.arange(len(own)), best], 9)
        if one.outcome.kind == MULTICLASS:
            block["predicted_class"][own] = np.array(one.outcome.classes, object)[best]
        learnt = one.fold_of != fold if fold else np.ones(len(one.rows), bool)
        block["n"][own] = int(learnt.sum())
        about = np.array([one.features[i] for i, _ in model.encoding.kept], object)
        order, values = strongest(parts, about, REASON_COUNT)
        names = np.array([*about, None], dtype=object)
        for i in range(REASON_COUNT):
            moves = np.abs(values[:, i]) > 0
            block[f"feature_{i + 1}"][own] = np.where(moves, names[order[:, i]], None)
            block[f"contribution_{i + 1}"][own] = np.round(values[:, i], 9)
    return block
