"""The regressors behind one interface: fit on training rows, predict anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

from customer_analytics.predictions.models import Parameters, preparation

# What tuning tries, by the names that the same kinds have as classifiers.
GRIDS: dict[str, Sequence[Parameters]] = {
    "logistic_regression": [{"alpha": 10.0}, {"alpha": 1.0}, {"alpha": 100.0}],
    "nearest_neighbours": [{"n_neighbors": 25}, {"n_neighbors": 50}],
    "support_vectors": [{"C": 1.0}, {"C": 10.0}],
    "decision_tree": [
        {"max_depth": 5, "min_samples_leaf": 30},
        {"max_depth": 7, "min_samples_leaf": 15},
    ],
    "random_forest": [
        {"n_estimators": 30, "max_depth": 8, "min_samples_leaf": 10},
        {"n_estimators": 30, "max_depth": 12, "min_samples_leaf": 5},
    ],
    "xgboost": [
        {"n_estimators": 60, "max_depth": 2, "learning_rate": 0.12},
        {"n_estimators": 100, "max_depth": 3, "learning_rate": 0.1},
    ],
    "multilayer_perceptron": [
        {"hidden_units": 16, "alpha": 1.0},
        {"hidden_units": 16, "alpha": 10.0},
    ],
}
# Of numbers there are no odds: what is linear in them is ridge regression.
NAMES = {"logistic_regression": "ridge_regression"}


@dataclass(frozen=True)
class FittedNumber:
    """A fitted regressor.

    Attributes
    ----------
    name : str
        Key of `GRIDS`.
    steps : sequence of estimators
        What inputs go through first.
    regressor : estimator
        Of numbers in standard deviations from the mean.
    middle, spread, lowest, highest : float
        Of the numbers it was fitted to; none beyond these is predicted.
    """

    name: str
    steps: Sequence[BaseEstimator]
    regressor: Any
    middle: float
    spread: float
    lowest: float
    highest: float

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Return numbers of shape (n_rows,) for inputs of (n_rows, n_columns)."""
        if not len(inputs):
            return np.zeros(0)
        for step in self.steps:
            inputs = step.transform(inputs)
        found = self.middle + self.spread * self.regressor.predict(inputs).astype(float)
        return np.clip(found, self.lowest, self.highest)


def fit_number(
    name: str,
    inputs: np.ndarray,
    numbers: np.ndarray,
    parameters: Parameters,
    *,
    rows: np.ndarray,
    seed: int,
) -> FittedNumber:
    """Fit one regressor; imputing and scaling see these rows alone.

    Parameters
    ----------
    name : str
        Key of `GRIDS`.
    inputs : float array of shape (n_rows, n_columns)
        NaN where unknown: the median of the rows, or for XGBoost a branch of its own.
    numbers : float array of shape (n_rows,)
    parameters : mapping
        One of the kind's grid.
    rows : int array
        Which rows it is fitted on; slow ones get fewer.
    seed : int

    Returns
    -------
    FittedNumber
    """
    steps = () if name == "xgboost" else preparation(inputs)
    middle, spread = float(numbers.mean()), float(numbers.std()) or 1.0
    prepared = inputs[rows]
    for step in steps:
        prepared = step.transform(prepared)
    regressor = _regressor(name, parameters, len(rows), seed)
    regressor.fit(prepared, (numbers[rows] - middle) / spread)
    limits = float(numbers.min()), float(numbers.max())
    return FittedNumber(name, steps, regressor, middle, spread, *limits)


def _regressor(name: str, parameters: Mapping, rows: int, seed: int) -> Any:
    if name == "logistic_regression":
        return Ridge(**parameters)
    if name == "nearest_neighbours":
        neighbours = min(parameters["n_neighbors"], rows)
        return KNeighborsRegressor(n_neighbors=neighbours, algorithm="brute")
    if name == "support_vectors":
        return SVR(cache_size=100, **parameters)
    if name == "decision_tree":
        return DecisionTreeRegressor(random_state=seed, **parameters)
    if name == "random_forest":
        return RandomForestRegressor(
            max_features=0.33, random_state=seed, n_jobs=1, **parameters
        )
    if name == "xgboost":
        return xgboost.XGBRegressor(
            tree_method="hist",
            max_bin=64,
            min_child_weight=5,
            subsample=0.7,
            colsample_bytree=0.5,
            reg_lambda=5.0,
            random_state=seed,
            n_jobs=1,
            **parameters,
        )
    return MLPRegressor(
        hidden_layer_sizes=(parameters["hidden_units"],),
        alpha=parameters["alpha"],
        learning_rate_init=0.005,
        batch_size=min(128, rows),
        max_iter=25,
        random_state=seed,
    )
