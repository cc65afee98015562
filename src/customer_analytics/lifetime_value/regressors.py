"""Regressors that predict the amount a customer will spend.

Amounts are mostly zero and a few are huge. Boosting takes that as it is (Tweedie
deviance); the others predict in two parts, whether anything is bought and the logarithm
of how much (Duan 1983 for the way back from logarithms).
"""

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping

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
    highest = amounts.max()
    return lambda rows: np.clip(predict(rows), 0.0, highest).astype(float)


def is_enough(amounts: np.ndarray) -> bool:
    """Return whether a regressor can be fitted to these amounts."""
    return len(amounts) >= MIN_ROWS and (amounts > 0).sum() >= MIN_BUYERS


def _two_parts(
    buys: Predict, log_amount: Predict, features: np.ndarray, amounts: np.ndarray
) -> Predict:
    """Return the probability to buy times the amount then, right in total."""
    bought = amounts > 0
    highest = np.log(amounts.max())

    def amount_if_any(rows: np.ndarray) -> np.ndarray:
        return np.exp(np.minimum(log_amount(rows), highest))

    smearing = amounts[bought].sum() / amount_if_any(features[bought]).sum()
    return lambda rows: np.clip(buys(rows), 0, 1) * amount_if_any(rows) * smearing


def _scaling(features: np.ndarray) -> Predict:
    """Return a function that makes columns comparable; unknown is average."""
    logs = _signed_logs(features)
    known = np.isfinite(logs)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, logs, 0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, logs - mean, 0) ** 2).sum(axis=0) / count)
    spread[spread == 0] = 1

    def scale(rows: np.ndarray) -> np.ndarray:
        return np.nan_to_num(np.clip((_signed_logs(rows) - mean) / spread, -5, 5))

    return scale


def _signed_logs(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.log1p(np.abs(values))


def _linear(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    scale, bought = _scaling(features), amounts > 0
    if bought.all():
        buys: Predict = lambda rows: np.ones(len(rows))  # noqa: E731
    else:
        classifier = LogisticRegression(C=0.1, max_iter=500, random_state=seed)
        classifier.fit(scale(features), bought)
        buys = lambda rows: classifier.predict_proba(scale(rows))[:, 1]  # noqa: E731
    regression = Ridge(alpha=10.0)
    regression.fit(scale(features[bought]), np.log(amounts[bought]))
    return _two_parts(
        buys, lambda rows: regression.predict(scale(rows)), features, amounts
    )


def _decision_tree(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    bought = amounts > 0
    leaf = max(20, len(amounts) // 200)
    settings = {"max_depth": 6, "random_state": seed}
    classifier = DecisionTreeRegressor(min_samples_leaf=leaf, **settings)
    classifier.fit(features, bought.astype(float))
    regression = DecisionTreeRegressor(min_samples_leaf=max(10, leaf // 2), **settings)
    regression.fit(features[bought], np.log(amounts[bought]))
    return _two_parts(classifier.predict, regression.predict, features, amounts)


def _random_forest(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    bought = amounts > 0
    # Grown on histograms: a tenth of the time of exact splits.
    settings = {
        "n_estimators": 60,
        "max_depth": 8,
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
    return _two_parts(classifier.predict, regression.predict, features, amounts)


def _xgboost(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    # In units of the mean, so that the same settings fit every currency.
    unit = amounts.mean()
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
    return lambda rows: regression.predict(rows).astype(float) * unit


def _neural_network(features: np.ndarray, amounts: np.ndarray, seed: int) -> Predict:
    scale, bought = _scaling(features), amounts > 0
    settings = {
        "hidden_layer_sizes": (16,),
        "alpha": 1.0,
        "learning_rate_init": 0.005,
        "batch_size": 256,
        "max_iter": 20,
        "early_stopping": True,
        "random_state": seed,
    }
    logs = np.log(amounts[bought])
    mean, spread = logs.mean(), max(logs.std(), 1e-9)
    regression = MLPRegressor(**settings)
    regression.fit(scale(features[bought]), (logs - mean) / spread)
    if bought.all():
        buys: Predict = lambda rows: np.ones(len(rows))  # noqa: E731
    else:
        classifier = MLPClassifier(**settings).fit(scale(features), bought)
        buys = lambda rows: classifier.predict_proba(scale(rows))[:, 1]  # noqa: E731

    def log_amount(rows: np.ndarray) -> np.ndarray:
        return regression.predict(scale(rows)) * spread + mean

    return _two_parts(buys, log_amount, features, amounts)


REGRESSORS: Mapping[str, Callable[[np.ndarray, np.ndarray, int], Predict]] = {
    "linear": _linear,
    "decision_tree": _decision_tree,
    "random_forest": _random_forest,
    "xgboost": _xgboost,
    "neural_network": _neural_network,
}
