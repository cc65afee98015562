"""What each feature adds to a customer's prediction, in log-odds."""

import numpy as np
import xgboost
from sklearn.tree import DecisionTreeClassifier

from customer_analytics.predictions.level import log_odds
from customer_analytics.predictions.models import Fitted, Vote

LEAST_SLOPE = 0.01


def contributions(
    fitted: Fitted | Vote, inputs: np.ndarray, typical: np.ndarray
) -> np.ndarray:
    """Return how much each feature moves each prediction away from the typical one.

    Parameters
    ----------
    fitted : Fitted or Vote
        The model that scores.
    inputs : float array of shape (n_rows, n_features)
        NaN where unknown.
    typical : float array of shape (n_features,)
        Typical inputs, for models that can only be asked what would be otherwise.

    Returns
    -------
    float array of shape (n_rows, n_features)
        Log-odds. Linear models: coefficient times deviation from the mean. XGBoost: its
        own (Lundberg et al. 2020). Trees and forests: the changes of probability along
        the path of each row (Saabas 2014), as log-odds by the slope at the prediction.
        Others: the prediction less the one with the feature made typical. A vote: the
        mean of its voters'.
    """
    if isinstance(fitted, Vote):
        parts = [contributions(member, inputs, typical) for member in fitted.members]
        return np.mean(parts, axis=0)
    if not len(inputs):
        return np.zeros(inputs.shape)
    prepared = fitted.prepared(inputs)
    if fitted.name == "logistic_regression":
        return prepared * fitted.classifier.coef_[0]
    if fitted.name == "xgboost":
        booster = fitted.classifier.get_booster()
        parts = booster.predict(xgboost.DMatrix(prepared), pred_contribs=True)
        return parts[:, :-1].astype(float)
    if fitted.name in ("decision_tree", "random_forest"):
        trees = getattr(fitted.classifier, "estimators_", [fitted.classifier])
        paths = np.mean([_along_path(tree, prepared) for tree in trees], axis=0)
        chance = fitted.score(inputs)
        return paths / np.maximum(chance * (1 - chance), LEAST_SLOPE)[:, None]
    return _replaced(fitted, inputs, typical)


def _along_path(tree: DecisionTreeClassifier, prepared: np.ndarray) -> np.ndarray:
    """Sum the changes of probability along each row's path, by feature."""
    nodes = tree.tree_
    counts = nodes.value[:, 0, :]
    chance = counts[:, -1] / counts.sum(axis=1)
    at = np.zeros(len(prepared), dtype=np.int64)
    rows = np.arange(len(prepared))
    result = np.zeros(prepared.shape)
    values = prepared.astype(np.float32)
    while True:
        inner = nodes.children_left[at] >= 0
        if not inner.any():
            return result
        rows, at = rows[inner], at[inner]
        feature = nodes.feature[at]
        goes_left = values[rows, feature] <= nodes.threshold[at]
        following = np.where(
            goes_left, nodes.children_left[at], nodes.children_right[at]
        )
        result[rows, feature] += chance[following] - chance[at]
        at = following


def _replaced(fitted: Fitted, inputs: np.ndarray, typical: np.ndarray) -> np.ndarray:
    scored = log_odds(fitted.score(inputs))
    result = np.zeros(inputs.shape)
    for feature in range(inputs.shape[1]):
        changed = inputs.copy()
        changed[:, feature] = typical[feature]
        result[:, feature] = scored - log_odds(fitted.score(changed))
    return result


def strongest(
    parts: np.ndarray, topics: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's strongest topics: a feature of each, and its contribution.

    Features that say the same in other words, such as the days since the last order and
    their share of the own gap, are one topic: their contributions are added up.

    Parameters
    ----------
    parts : float array of shape (n_rows, n_features)
    topics : array of shape (n_features,)
        What each feature is about.
    count : int
        How many.

    Returns
    -------
    features : int array of shape (n_rows, count)
        Positions: of each topic the feature that moves most in the topic's direction,
        the largest absolute contribution first, the first topic on a tie; -1 where
        there are fewer topics.
    values : float array of shape (n_rows, count)
        Contributions of the topics; 0 where there are fewer.
    """
    names = list(dict.fromkeys(topics))
    places = [np.flatnonzero(np.asarray(topics) == name) for name in names]
    # Of rows without a feature too.
    sums = np.zeros((len(parts), max(len(names), count)))
    leaders = np.full(sums.shape, -1)
    for i, place in enumerate(places):
        sums[:, i] = np.round(parts[:, place].sum(axis=1), 9)
        along = np.round(parts[:, place] * np.where(sums[:, [i]] < 0, -1, 1), 9)
        leaders[:, i] = place[along.argmax(axis=1)]
    order = np.argsort(-np.abs(sums), axis=1, kind="stable")[:, :count]
    # Those that are not there come last, after topics that move nothing.
    return (
        np.take_along_axis(leaders, order, axis=1),
        np.take_along_axis(sums, order, axis=1),
    )
