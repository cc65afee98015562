"""What a first order tells of what comes after: fitted at every cut-off."""

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xgboost
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, TweedieRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from customer_analytics.predictions.training import Columns, as_days, as_floats

BINARY, AMOUNT, MULTICLASS = "binary", "amount", "multiclass"
KEYS = ("customer_number",)
BASELINE, LINEAR, TREES = "average", "linear", "xgboost"
# Pull of the rate of all on classes, in rows.
PRIOR_ROWS = 1.0
LINEAR_PARAMETERS = {
    BINARY: {"C": 0.05},
    MULTICLASS: {"C": 0.05},
    AMOUNT: {"alpha": 10.0, "power": 1.5},
}
TREE_PARAMETERS = {"n_estimators": 60, "max_depth": 2, "learning_rate": 0.08}


@dataclass(frozen=True)
class FirstOrders:
    """What is known of first orders.

    Attributes
    ----------
    numbers : int array of shape (n_customers,)
        Customers, rising.
    features : float array of shape (n_customers, n_features)
        NaN where unknown.
    items : sparse matrix of shape (n_customers, n_products)
        Logarithm of the lines of each product.
    """

    numbers: np.ndarray
    features: np.ndarray
    items: csr_matrix

    def at(self, customers: np.ndarray) -> np.ndarray:
        """Return the rows of customers."""
        return np.searchsorted(self.numbers, customers)


def first_orders(orders: Columns, items: Columns, attributes: Columns) -> FirstOrders:
    """Gather features, items and attributes by customer.

    Parameters
    ----------
    orders : dict of arrays of shape (n_customers,)
        ``customer_number`` (rising) and numeric features.
    items : dict of arrays
        ``customer_number``, ``product_number`` (from 0), ``line_count``.
    attributes : dict of arrays
        ``customer_number``, ``feature``, ``feature_value``.

    Returns
    -------
    FirstOrders
    """
    numbers = np.asarray(orders["customer_number"])
    columns = [as_floats(orders[name]) for name in orders if name not in KEYS]
    for name in sorted(set(attributes["feature"])):
        own = attributes["feature"] == name
        values = np.full(len(numbers), np.nan)
        rows = np.searchsorted(numbers, attributes["customer_number"][own])
        values[rows] = as_floats(attributes["feature_value"])[own]
        columns.append(values)
    products = np.asarray(items["product_number"], dtype=np.int64)
    rows = np.searchsorted(numbers, items["customer_number"])
    matrix = csr_matrix(
        (np.log1p(np.asarray(items["line_count"], dtype=float)), (rows, products)),
        shape=(len(numbers), int(products.max()) + 1 if len(products) else 0),
    )
    return FirstOrders(numbers, np.column_stack(columns), matrix)


def predict_first_orders(
    orders: FirstOrders,
    windows: Columns,
    *,
    axes: int,
    seed: int,
    report: Callable[[str], None] = lambda message: None,
) -> tuple[Columns, Columns]:
    """Predict what follows first orders, at every cut-off and as of now.

    Parameters
    ----------
    orders : FirstOrders
    windows : dict of arrays
        Columns of int_first_order_windows, by target, cut-off and customer.
    axes : int
        Axes of the singular value decomposition of items at most.
    seed : int
    report : callable
        Told what is done.

    Returns
    -------
    runs : dict of arrays of shape (n_runs,)
        ``run_number``, ``target``, ``model``, ``cutoff_date``, ``parameters``,
        ``seed``, ``n``.
    predictions : dict of arrays of shape (n_predictions,)
        ``run_number``, ``customer_number``, ``segment`` (None unless multi-class) and
        ``predicted``: probability, amount, or probability of the segment.
    """
    days = as_days(windows["cutoff_date"])
    amounts = as_floats(windows["actual_amount"])
    runs: list[tuple] = []
    parts: list[tuple] = []
    pairs = sorted(set(zip(windows["target"].tolist(), days.tolist(), strict=True)))
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        for done, (target, day) in enumerate(pairs, 1):
            own = (windows["target"] == target) & (days == day)
            training = own & windows["is_training"]
            judged = own & ~windows["is_training"]
            kind = str(windows["kind"][own][0])
            outcomes = (
                windows["actual_segment"][training].astype(str)
                if kind == MULTICLASS
                else amounts[training]
            )
            if kind == BINARY:
                outcomes = outcomes > 0
            known = orders.at(windows["customer_number"][training])
            asked = orders.at(windows["customer_number"][judged])
            inputs = _inputs(orders, known, asked, axes, seed)
            customers = windows["customer_number"][judged]
            for model in (BASELINE, LINEAR, TREES):
                classes, predicted = _predicted(model, kind, *inputs, outcomes, seed)
                for i, name in enumerate(classes):
                    parts.append((len(runs), customers, name, predicted[:, i]))
                runs.append(_run(len(runs), target, model, day, kind, seed, len(known)))
            report(
                f"{target} at {np.datetime64(day, 'D')}: {len(known)} first orders "
                f"learnt from, {len(asked)} predicted ({done} of {len(pairs)})"
            )
    return _run_columns(runs), _prediction_columns(parts)


def _inputs(
    orders: FirstOrders, known: np.ndarray, asked: np.ndarray, axes: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return training and asked inputs, with the items' axes by the training rows."""
    first, second = orders.features[known], orders.features[asked]
    count = min(axes, orders.items.shape[1] - 1, len(known) - 1)
    if count < 1 or not orders.items[known].nnz:
        return first, second
    svd = TruncatedSVD(count, random_state=seed).fit(orders.items[known])
    return (
        np.column_stack([first, svd.transform(orders.items[known])]),
        np.column_stack([second, svd.transform(orders.items[asked])]),
    )


def _predicted(
    model: str,
    kind: str,
    known: np.ndarray,
    asked: np.ndarray,
    outcomes: np.ndarray,
    seed: int,
) -> tuple[Sequence[str | None], np.ndarray]:
    """Return classes (None where there are none) and a column of predictions each."""
    if kind == AMOUNT:
        return [None], _amounts(model, known, asked, outcomes, seed)[:, None]
    names, codes = np.unique(outcomes, return_inverse=True)
    if model == BASELINE or len(names) < 2:
        shares = np.bincount(codes, minlength=len(names)) + PRIOR_ROWS
        chances = np.tile(shares / shares.sum(), (len(asked), 1))
    elif model == LINEAR:
        classifier = _scaled(
            LogisticRegression(max_iter=300, **LINEAR_PARAMETERS[kind])
        ).fit(known, codes)
        chances = classifier.predict_proba(asked) if len(asked) else None
    else:
        classifier = xgboost.XGBClassifier(**_tree_settings(seed)).fit(known, codes)
        chances = classifier.predict_proba(asked) if len(asked) else None
    if chances is None:
        chances = np.zeros((0, len(names)))
    if kind == MULTICLASS:
        return names.tolist(), chances
    return [None], chances[:, -1:] if names[-1] else np.zeros((len(asked), 1))


def _amounts(
    model: str, known: np.ndarray, asked: np.ndarray, amounts: np.ndarray, seed: int
) -> np.ndarray:
    if model == BASELINE or not amounts.any():
        return np.full(len(asked), amounts.mean())
    if not len(asked):
        return np.zeros(0)
    # A few wholesalers would otherwise decide everybody's prediction.
    limit = np.quantile(amounts[amounts > 0], 0.99)
    kept = np.minimum(amounts, limit)
    if model == LINEAR:
        regressor = _scaled(
            TweedieRegressor(max_iter=300, link="log", **LINEAR_PARAMETERS[AMOUNT])
        ).fit(known, kept)
        predicted = regressor.predict(asked)
    else:
        regressor = xgboost.XGBRegressor(
            objective="reg:tweedie", tweedie_variance_power=1.5, **_tree_settings(seed)
        ).fit(known, kept)
        predicted = regressor.predict(asked)
    # What was cut off is given back in proportion, so that totals stay right.
    factor = amounts.mean() / kept.mean()
    return np.clip(predicted, 0, limit) * factor


def _scaled(estimator):
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        estimator,
    )


def _tree_settings(seed: int) -> dict:
    return TREE_PARAMETERS | {
        "tree_method": "hist",
        "max_bin": 64,
        "min_child_weight": 5,
        "subsample": 0.7,
        "colsample_bytree": 0.5,
        "reg_lambda": 5.0,
        "random_state": seed,
        "n_jobs": 1,
    }


def _run(
    number: int, target: str, model: str, day: int, kind: str, seed: int, n: int
) -> tuple:
    parameters = {LINEAR: LINEAR_PARAMETERS[kind], TREES: TREE_PARAMETERS}
    text = json.dumps(parameters.get(model, {}), sort_keys=True)
    return number, target, model, str(np.datetime64(day, "D")), text, seed, n


def _run_columns(runs: Sequence[tuple]) -> Columns:
    kinds = {
        "run_number": np.int32,
        "target": object,
        "model": object,
        "cutoff_date": object,
        "parameters": object,
        "seed": np.int64,
        "n": np.int64,
    }
    return {
        name: np.array([run[i] for run in runs], dtype=kind)
        for i, (name, kind) in enumerate(kinds.items())
    }


def _prediction_columns(parts: Sequence[tuple]) -> Columns:
    empty = [(0, np.zeros(0, np.int64), None, np.zeros(0))]
    rows = [*empty, *parts]
    return {
        "run_number": np.concatenate(
            [np.full(len(p), run, np.int32) for run, _, _, p in rows]
        ),
        "customer_number": np.concatenate([c for _, c, _, _ in rows]),
        "segment": np.concatenate(
            [np.full(len(p), name, dtype=object) for _, _, name, p in rows]
        ),
        "predicted": np.concatenate([np.round(p.astype(float), 9) for *_, p in rows]),
    }
