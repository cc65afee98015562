"""Regressors that predict the amount a customer will spend.

Amounts are mostly zero and a few are huge. Boosting takes that as it is (Tweedie
deviance); the others predict in two parts, whether anything is bought and the logarithm
of how much (Duan 1983 for the way back from logarithms).
"""

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.tree import DecisionTreeRegressor
from xgboost import XGBRegressor, XGBRFRegressor

Predict = Callable[[np.ndarray], np.ndarray]

# What a regressor needs to be fitted at all.
MIN_ROWS = 200
MIN_BUYERS = 50


@contextlib.contextmanager
def quiet_fits() -> Iterator[None]:
    """Silence what networks say that are stopped early on purpose.

    Warnings belong to the process: to be entered outside of threads.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", message="Got `batch_size` less than 1")
        yield


def fit_regressor(
    name: str, features: np.ndarray, amounts: np.ndarray, seed: int
) -> Predict:
    """Fit one of REGRESSORS.

    Parameters
    ----------
    name : str
        Of REGRESSORS.
    features : array of shape (n_rows, n_features)
        Unknown values are NaN.
    amounts : array of shape (n_rows,)
        0 or more.
    seed : int
        Same rows, order and seed, same predictions.

    Returns
    -------
    callable
        Takes features of shape (n, n_features), returns amounts of shape (n,), finite
        and 0 or more.

    Raises
    ------
    ValueError
        If rows or buyers are fewer than MIN_ROWS and MIN_BUYERS.
    """
    if not is_enough(amounts):
        raise ValueError(f"needs {MIN_ROWS} rows, {MIN_BUYERS} with an amount")
    predict = REGRESSORS[name](features, amounts, seed)
    return Limited(predict, float(amounts.max()))


def is_enough(amounts: np.ndarray) -> bool:
    """Return whether a regressor can be fitted to these amounts."""
    return len(amounts) >= MIN_ROWS and (amounts > 0).sum() >= MIN_BUYERS


@dataclass(frozen=True)
class Scaling:
    """Makes columns comparable; unknown is average.

    Attributes
    ----------
    mean, spread : float arrays of shape (n_features,)
        Of the signed logarithms.
    """

    mean: np.ndarray
    spread: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return rows in standard deviations from the mean, five at most."""
        standardised = (_signed_logs(rows) - self.mean) / self.spread
        return np.nan_to_num(np.clip(standardised, -5, 5))


@dataclass(frozen=True)
class TwoParts:
    """The probability to buy times the amount then, right in total.

    Attributes
    ----------
    buys : estimator or None
        Says the probability; None where everybody buys.
    log_amount : estimator
        Says the logarithm of the amount, less `middle`, over `spread`.
    scaling : Scaling or None
        What rows go through first.
    middle, spread : float
    highest : float
        Logarithm of the highest amount.
    smearing : float
        What makes the total of the training rows right (Duan 1983).
    """

    buys: Any
    log_amount: Any
    scaling: Scaling | None
    highest: float
    middle: float = 0.0
    spread: float = 1.0
    smearing: float = 1.0

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return amounts of shape (n,) for features of shape (n, n_features)."""
        return self._chance(rows) * self.amount_if_any(rows) * self.smearing

    def amount_if_any(self, rows: np.ndarray) -> np.ndarray:
        """Return the amount of those who buy, before smearing."""
        logs = self.log_amount.predict(self._inputs(rows)) * self.spread + self.middle
        return np.exp(np.minimum(logs, self.highest))

    def _chance(self, rows: np.ndarray) -> np.ndarray:
        if self.buys is None:
            return np.ones(len(rows))
        inputs = self._inputs(rows)
        if hasattr(self.buys, "predict_proba"):
            return self.buys.predict_proba(inputs)[:, 1]
        return np.clip(self.buys.predict(inputs), 0, 1)

    def _inputs(self, rows: np.ndarray) -> np.ndarray:
        return rows if self.scaling is None else self.scaling(rows)

    def levelled(self, features: np.ndarray, amounts: np.ndarray) -> "TwoParts":
        """Return the same with the total of those who bought made right."""
        bought = amounts > 0
        expected = self.amount_if_any(features[bought]).sum()
        return replace(self, smearing=amounts[bought].sum() / expected)


@dataclass(frozen=True)
class Boosted:
    """Amounts as boosting says them, in units of the mean.

    Attributes
    ----------
    regression : XGBRegressor
    unit : float
    """

    regression: XGBRegressor
    unit: float

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return amounts of shape (n,) for features of shape (n, n_features)."""
        return self.regression.predict(rows).astype(float) * self.unit


@dataclass(frozen=True)
class Limited:
    """Amounts no higher than any that was learned from.

    Attributes
    ----------
    predict : callable
    highest : float
    """

    predict: Predict
    highest: float

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return amounts of shape (n,) for features of shape (n, n_features)."""
        return np.clip(self.predict(rows), 0.0, self.highest).astype(float)


def _scaling(features: np.ndarray) -> Scaling:
    logs = _signed_logs(features)
    known = np.isfinite(logs)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, logs, 0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, logs - mean, 0) ** 2).sum(axis=0) / count)
    spread[spread == 0] = 1
    return Scaling(mean, spread)


def _signed_logs(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.log1p(np.abs(values))


def _linear(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    scale, bought = _scaling(features), amounts > 0
    classifier = None
    if not bought.all():
        classifier = LogisticRegression(C=0.1, max_iter=500, random_state=seed)
        classifier.fit(scale(features), bought)
    regression = Ridge(alpha=10.0)
    regression.fit(scale(features[bought]), np.log(amounts[bought]))
    parts = TwoParts(classifier, regression, scale, np.log(amounts.max()))
    return parts.levelled(features, amounts)


def _decision_tree(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    bought = amounts > 0
    leaf = max(20, len(amounts) // 200)
    settings = {"max_depth": 6, "random_state": seed}
    classifier = DecisionTreeRegressor(min_samples_leaf=leaf, **settings)
    classifier.fit(features, bought.astype(float))
    regression = DecisionTreeRegressor(min_samples_leaf=max(10, leaf // 2), **settings)
    regression.fit(features[bought], np.log(amounts[bought]))
    parts = TwoParts(classifier, regression, None, np.log(amounts.max()))
    return parts.levelled(features, amounts)


def _random_forest(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    bought = amounts > 0
    # Grown on histograms: a tenth of the time of exact splits.
    settings = {
        "n_estimators": 40,
        "max_depth": 6,
        "min_child_weight": 8,
        "subsample": 0.6,
        "colsample_bynode": 0.3,
        # Leaves are means.
        "reg_lambda": 0.0,
        "max_bin": 64,
        # One thread adds up in one order.
        "n_jobs": 1,
        "random_state": seed,
    }
    classifier = XGBRFRegressor(**settings).fit(features, bought.astype(float))
    regression = XGBRFRegressor(**settings)
    regression.fit(features[bought], np.log(amounts[bought]))
    parts = TwoParts(classifier, regression, None, np.log(amounts.max()))
    return parts.levelled(features, amounts)


def _xgboost(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    # In units of the mean, so that the same settings fit every currency.
    unit = float(amounts.mean())
    regression = XGBRegressor(
        objective="reg:tweedie",
        tweedie_variance_power=1.3,
        n_estimators=120,
        max_depth=4,
        learning_rate=0.07,
        min_child_weight=20,
        subsample=0.8,
        colsample_bynode=0.4,
        max_bin=64,
        n_jobs=1,
        random_state=seed,
    ).fit(features, amounts / unit)
    return Boosted(regression, unit)


def _neural_network(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    scale, bought = _scaling(features), amounts > 0
    settings = {
        "hidden_layer_sizes": (16,),
        "alpha": 1.0,
        "learning_rate_init": 0.02,
        "batch_size": 512,
        "max_iter": 10,
        "early_stopping": True,
        "random_state": seed,
    }
    logs = np.log(amounts[bought])
    middle, spread = float(logs.mean()), max(float(logs.std()), 1e-9)
    regression = MLPRegressor(**settings)
    regression.fit(scale(features[bought]), (logs - middle) / spread)
    classifier = None
    if not bought.all():
        classifier = MLPClassifier(**settings).fit(scale(features), bought)
    highest = np.log(amounts.max())
    parts = TwoParts(classifier, regression, scale, highest, middle, spread)
    return parts.levelled(features, amounts)


REGRESSORS: Mapping[str, Callable[[np.ndarray, np.ndarray, int], Predict]] = {
    "linear": _linear,
    "decision_tree": _decision_tree,
    "random_forest": _random_forest,
    "xgboost": _xgboost,
    "neural_network": _neural_network,
}
