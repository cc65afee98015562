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


def strongest(parts: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's strongest features and their contributions.

    Parameters
    ----------
    parts : float array of shape (n_rows, n_features)
    count : int
        How many, n_features at most.

    Returns
    -------
    features : int array of shape (n_rows, count)
        Positions, the largest absolute contribution first, the first feature on a tie.
    values : float array of shape (n_rows, count)
        Their contributions.
    """
    size = -np.round(np.abs(parts), 9)
    order = np.argsort(size, axis=1, kind="stable")[:, :count]
    return order, np.take_along_axis(parts, order, axis=1)
