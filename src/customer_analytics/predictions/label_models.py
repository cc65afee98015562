"""Models of given outcomes: tuned and fitted on training rows, for every class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from customer_analytics.predictions.backtest import (
    HELD_OUT_SHARE,
    VOTE,
    VOTER_COUNT,
    Tuned,
    tune,
)
from customer_analytics.predictions.contributions import contributions, log_odds
from customer_analytics.predictions.label_baselines import (
    BASE_RATE,
    BEST_FEATURE,
    Constant,
    OneFeature,
    best_feature,
)
from customer_analytics.predictions.label_inputs import (
    AMOUNT,
    MULTICLASS,
    Encoding,
    Known,
    Outcome,
)
from customer_analytics.predictions.models import KINDS, PLAIN, Fitted, fit, preparation
from customer_analytics.predictions.number_models import (
    GRIDS,
    FittedNumber,
    fit_number,
)

# Rows that the shares of slow kinds (`models.Kind.largest_share`) are of.
USUAL_ROWS = 12_000


Member = Fitted | FittedNumber | Constant | OneFeature


@dataclass(frozen=True)
class LabelModel:
    """A fitted model of a target.

    Attributes
    ----------
    kind : str
        Of the outcome.
    encoding : Encoding
    members : list of lists of models
        By class: those whose mean is the prediction.
    typical : float array of shape (n_columns,)
        Mean of the training rows.
    """

    kind: str
    encoding: Encoding
    members: list[list[Member]]
    typical: np.ndarray

    def predict(self, known: Known) -> np.ndarray:
        """Return probabilities of shape (n_customers, n_classes), or numbers.

        Of several classes each is told from all others; together they make 1.
        """
        inputs = self.encoding.matrix(known)
        found = np.column_stack([_mean_score(own, inputs) for own in self.members])
        if self.kind != MULTICLASS:
            return found
        found = np.maximum(found, 1e-9)
        return found / found.sum(axis=1, keepdims=True)

    def explain(self, known: Known, classes: np.ndarray) -> np.ndarray:
        """Return what each column adds to the prediction of a class.

        Parameters
        ----------
        known : Known
        classes : int array of shape (n_customers,)
            Of each the class that is explained.

        Returns
        -------
        float array of shape (n_customers, n_columns)
            Log-odds, or of numbers their unit; see `contributions.contributions`.
        """
        inputs = self.encoding.matrix(known)
        result = np.zeros(inputs.shape)
        for i, members in enumerate(self.members):
            own = np.flatnonzero(classes == i)
            if len(own):
                parts = [_moved(one, inputs[own], self.typical) for one in members]
                result[own] = np.mean(parts, axis=0)
        return result


def fit_label_model(
    known: Known,
    outcome: Outcome,
    model: str,
    tuned: Sequence[Tuned],
    encoding: Encoding,
    *,
    variant: str = PLAIN,
    seed: int,
) -> LabelModel:
    """Fit a model on training rows.

    Parameters
    ----------
    known : Known
    outcome : Outcome
    model : str
        Key of `models.KINDS`, soft_vote, base_rate or best_feature.
    tuned : sequence of Tuned
        By class; see `tune_label_models`.
    encoding : Encoding
        Of the same rows.
    variant : str
        See `models.fit`.
    seed : int

    Returns
    -------
    LabelModel
    """
    inputs = encoding.matrix(known)
    steps = preparation(inputs)
    members = []
    for i, own in enumerate(tuned):
        names = own.voters if model == VOTE else [model]
        values = outcome.values[:, i]
        members.append(
            [
                _fit(
                    outcome.kind,
                    name,
                    own,
                    inputs,
                    values,
                    steps,
                    encoding,
                    variant,
                    seed,
                )
                for name in names
            ]
        )
    with np.errstate(invalid="ignore"):
        typical = np.nan_to_num(np.ma.masked_invalid(inputs).mean(axis=0).filled(0))
    return LabelModel(outcome.kind, encoding, members, typical)


def tune_label_models(
    inputs: np.ndarray,
    outcome: Outcome,
    models: Sequence[str],
    most_rows: int,
    seed: int,
) -> list[Tuned]:
    """Choose parameters, by class, on customers held out of the training rows.

    Parameters
    ----------
    inputs : float array of shape (n_rows, n_columns)
        NaN where unknown.
    outcome : Outcome
        Of the same rows.
    models : sequence of str
        Keys of `models.KINDS`.
    most_rows : int
        Rows of a fit while tuning, at most.
    seed : int

    Returns
    -------
    list of Tuned
        By log loss, of numbers by squared error.
    """
    groups = np.arange(len(inputs))
    if outcome.kind == AMOUNT:
        return [_tune_numbers(inputs, outcome.values[:, 0], models, most_rows, seed)]
    return [
        tune(inputs, values == 1, groups, models, most_rows, seed)
        for values in outcome.values.T
    ]


def _tune_numbers(
    inputs: np.ndarray,
    numbers: np.ndarray,
    models: Sequence[str],
    most_rows: int,
    seed: int,
) -> Tuned:
    kept = np.random.default_rng(seed).permutation(len(numbers))[:most_rows]
    held = np.isin(np.arange(len(kept)), np.arange(int(HELD_OUT_SHARE * len(kept))))
    train, test = np.sort(kept[~held]), np.sort(kept[held])
    parameters, errors = {}, {}
    for model in models:
        tried = []
        for candidate in GRIDS[model]:
            rows = _rows(model, len(train), seed)
            own = inputs[train], numbers[train], candidate
            fitted = fit_number(model, *own, rows=rows, seed=seed)
            tried.append(np.mean((fitted.score(inputs[test]) - numbers[test]) ** 2))
        best = int(np.argmin(np.round(tried, 9)))
        parameters[model], errors[model] = GRIDS[model][best], round(tried[best], 9)
    able = [m for m in models if m != "decision_tree" or "random_forest" not in models]
    return Tuned(parameters, sorted(able, key=errors.__getitem__)[:VOTER_COUNT])


def _rows(model: str, count: int, seed: int) -> np.ndarray:
    most = int(KINDS[model].largest_share * USUAL_ROWS)
    return np.sort(np.random.default_rng(seed).permutation(count)[:most])


def _fit(
    kind: str,
    name: str,
    tuned: Tuned,
    inputs: np.ndarray,
    values: np.ndarray,
    steps: Sequence,
    encoding: Encoding,
    variant: str,
    seed: int,
) -> Member:
    if name == BASE_RATE:
        return Constant(float(values.mean()))
    if name == BEST_FEATURE:
        return best_feature(inputs, values, encoding, kind, seed)
    parameters: Mapping = tuned.parameters[name]
    if kind == AMOUNT:
        rows = _rows(name, len(inputs), seed)
        return fit_number(name, inputs, values, parameters, rows=rows, seed=seed)
    share = min(1.0, KINDS[name].largest_share * USUAL_ROWS / len(inputs))
    settings = {"variant": variant, "seed": seed, "steps": steps, "share": share}
    return fit(name, inputs, values == 1, parameters, **settings)


def _mean_score(members: Sequence[Member], inputs: np.ndarray) -> np.ndarray:
    return np.mean([member.score(inputs) for member in members], axis=0)


def _moved(member: Member, inputs: np.ndarray, typical: np.ndarray) -> np.ndarray:
    """Return what each column adds to what a member says."""
    if isinstance(member, Fitted):
        return contributions(member, inputs, typical)
    result = np.zeros(inputs.shape)
    if isinstance(member, Constant) or not len(inputs):
        return result
    is_chance = isinstance(member, OneFeature) and isinstance(
        member.tree, DecisionTreeClassifier
    )
    unit = log_odds if is_chance else np.asarray
    scored = unit(member.score(inputs))
    if isinstance(member, OneFeature):
        average = np.tile(typical, (1, 1))
        result[:, member.columns[0]] = scored - unit(member.score(average))
        return result
    if member.name == "logistic_regression":
        prepared = inputs
        for step in member.steps:
            prepared = step.transform(prepared)
        return member.spread * prepared * member.regressor.coef_
    for column in range(inputs.shape[1]):
        changed = inputs.copy()
        changed[:, column] = typical[column]
        result[:, column] = scored - member.score(changed)
    return result
