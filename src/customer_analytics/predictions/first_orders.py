"""What a first order tells of what comes after: fitted at every cut-off."""

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
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

from customer_analytics.memory import Remember, anew
from customer_analytics.predictions.training import Columns, as_days, as_floats

BINARY, AMOUNT, MULTICLASS = "binary", "amount", "multiclass"
KEYS = ("customer_number",)
ANY = "*"
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

    def of(self, customers: np.ndarray) -> tuple[np.ndarray, csr_matrix]:
        """Return features and items of customers."""
        rows = np.searchsorted(self.numbers, customers)
        return self.features[rows], self.items[rows]


def known_by_then(
    attributes: duckdb.DuckDBPyRelation, orders: duckdb.DuckDBPyRelation
) -> Columns:
    """Return the attributes as they were when the first order was made.

    Parameters
    ----------
    attributes : DuckDBPyRelation
        int_attribute_features, with ``valid_from`` and ``valid_to`` (null = always,
        until further notice).
    orders : DuckDBPyRelation
        int_first_orders.
    """
    dated = orders.project("customer_id, customer_number, ordered_at")
    known = attributes.join(dated, "customer_id").filter(
        "coalesce(valid_from < ordered_at, true) and "
        "coalesce(valid_to >= ordered_at, valid_to is null)"
    )
    return known.order("customer_number, feature").fetchnumpy()


def first_orders(
    orders: Columns,
    items: Columns,
    attributes: Columns,
    attribute_names: Sequence[str] = (ANY,),
) -> FirstOrders:
    """Gather features, items and attributes by customer.

    Parameters
    ----------
    orders : dict of arrays of shape (n_customers,)
        ``customer_number`` (rising) and numeric features.
    items : dict of arrays
        ``customer_number``, ``product_number`` (from 0), ``line_count``.
    attributes : dict of arrays
        ``customer_number``, ``attribute_name``, ``feature``, ``feature_value``.
    attribute_names : sequence of str
        Attributes that are used, '*' for all of them.

    Returns
    -------
    FirstOrders
    """
    numbers = np.asarray(orders["customer_number"])
    columns = [as_floats(orders[name]) for name in orders if name not in KEYS]
    names = np.asarray(attributes["attribute_name"])
    used = np.isin(names, attribute_names) | (ANY in attribute_names)
    for name in sorted(set(attributes["feature"][used])):
        own = used & (attributes["feature"] == name)
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
    remember: Remember = anew,
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
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
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
            features, items = orders.of(windows["customer_number"][training])
            # Others are unknown there: their number must not matter.
            products = np.unique(items.indices)
            known = features, items[:, products], products
            date = str(np.datetime64(day, "D"))
            unit = f"{target} at {date}"
            taught = remember(unit, learn, kind, *known, outcomes, axes, seed)
            customers = windows["customer_number"][judged]
            for model in (BASELINE, LINEAR, TREES):
                predicted = taught.predict(model, *orders.of(customers))
                for i, name in enumerate(taught.classes):
                    parts.append((len(runs), customers, name, predicted[:, i]))
                runs.append(_run(len(runs), target, model, date, kind, seed, taught.n))
            report(
                f"{target} at {date}: {taught.n} first orders learnt from, "
                f"{len(customers)} predicted ({done} of {len(pairs)})"
            )
    return _run_columns(runs), _prediction_columns(parts)


@dataclass(frozen=True)
class Taught:
    """What first orders say of one target as of a cut-off.

    Attributes
    ----------
    kind : str
        BINARY, AMOUNT or MULTICLASS.
    classes : list of str or None
        The segments; [None] where there are none.
    products : int array of shape (n_products,)
        Columns of the items that the axes are made of.
    svd : TruncatedSVD or None
        Makes axes of items.
    average : float array of shape (n_classes,)
        Chance of each class, or of an order, or the mean amount.
    estimators : dict of str to estimator
        By model; empty where all outcomes are alike.
    limit, factor : float
        The highest amount learnt from, and what makes the total right again.
    n : int
        First orders learnt from.
    """

    kind: str
    classes: list[str | None]
    products: np.ndarray
    svd: TruncatedSVD | None
    average: np.ndarray
    estimators: dict[str, Any]
    limit: float
    factor: float
    n: int

    def predict(
        self, model: str, features: np.ndarray, items: csr_matrix
    ) -> np.ndarray:
        """Return probabilities or amounts.

        Parameters
        ----------
        model : str
            BASELINE, LINEAR or TREES.
        features : float array of shape (n_customers, n_features)
        items : sparse matrix of shape (n_customers, any)

        Returns
        -------
        float array of shape (n_customers, n_classes)
            0..1, or 0 or more.
        """
        count = features.shape[0]
        if model not in self.estimators or not count:
            return np.tile(self.average, (count, 1))
        inputs = _with_axes(features, items[:, self.products], self.svd)
        estimator = self.estimators[model]
        if self.kind == AMOUNT:
            predicted = np.clip(estimator.predict(inputs), 0, self.limit)
            return (predicted * self.factor)[:, None]
        chances = estimator.predict_proba(inputs)
        return chances if self.kind == MULTICLASS else chances[:, -1:]


def learn(
    kind: str,
    features: np.ndarray,
    items: csr_matrix,
    products: np.ndarray,
    outcomes: np.ndarray,
    axes: int,
    seed: int,
) -> Taught:
    """Fit all models of one target and cut-off.

    Parameters
    ----------
    kind : str
        BINARY, AMOUNT or MULTICLASS.
    features : float array of shape (n_rows, n_features)
        NaN where unknown.
    items : sparse matrix of shape (n_rows, n_products)
    products : int array of shape (n_products,)
        Numbers of the products that the columns are of.
    outcomes : array of shape (n_rows,)
        Amounts (of BINARY it counts whether there is any), or names of segments.
    axes, seed : int
        See `predict_first_orders`.

    Returns
    -------
    Taught
    """
    svd = None
    count = min(axes, len(products) - 1, len(outcomes) - 1)
    if count >= 1:
        svd = TruncatedSVD(count, random_state=seed).fit(items)
    inputs = _with_axes(features, items, svd)
    found = dict(kind=kind, products=products, svd=svd, n=len(outcomes))
    if kind == AMOUNT:
        return Taught(**found, **_amounts(inputs, outcomes, seed))
    return Taught(**found, **_classes(kind, inputs, outcomes, seed))


def _with_axes(
    features: np.ndarray, items: csr_matrix, svd: TruncatedSVD | None
) -> np.ndarray:
    if svd is None:
        return features
    return np.column_stack([features, svd.transform(items)])


def _classes(
    kind: str, inputs: np.ndarray, outcomes: np.ndarray, seed: int
) -> dict[str, Any]:
    names, codes = np.unique(
        outcomes if kind == MULTICLASS else outcomes > 0, return_inverse=True
    )
    shares = np.bincount(codes, minlength=len(names)) + PRIOR_ROWS
    average = shares / shares.sum()
    if kind == BINARY:
        average = average[-1:] * bool(names[-1])
    estimators = {}
    if len(names) > 1:
        linear = LogisticRegression(max_iter=300, **LINEAR_PARAMETERS[kind])
        trees = xgboost.XGBClassifier(**_tree_settings(seed))
        estimators = {
            LINEAR: _scaled(linear).fit(inputs, codes),
            TREES: trees.fit(inputs, codes),
        }
    return {
        "classes": names.tolist() if kind == MULTICLASS else [None],
        "average": average,
        "estimators": estimators,
        "limit": 1.0,
        "factor": 1.0,
    }


def _amounts(inputs: np.ndarray, amounts: np.ndarray, seed: int) -> dict[str, Any]:
    found = {"classes": [None], "average": np.array([amounts.mean()])}
    if not amounts.any():
        return found | {"estimators": {}, "limit": 0.0, "factor": 1.0}
    # A few wholesalers would otherwise decide everybody's prediction.
    limit = np.quantile(amounts[amounts > 0], 0.99)
    kept = np.minimum(amounts, limit)
    linear = TweedieRegressor(max_iter=300, link="log", **LINEAR_PARAMETERS[AMOUNT])
    trees = xgboost.XGBRegressor(
        objective="reg:tweedie", tweedie_variance_power=1.5, **_tree_settings(seed)
    )
    return found | {
        "estimators": {
            LINEAR: _scaled(linear).fit(inputs, kept),
            TREES: trees.fit(inputs, kept),
        },
        "limit": float(limit),
        # What was cut off is given back in proportion, so that totals stay right.
        "factor": float(amounts.mean() / kept.mean()),
    }


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
    number: int, target: str, model: str, date: str, kind: str, seed: int, n: int
) -> tuple:
    parameters = {LINEAR: LINEAR_PARAMETERS[kind], TREES: TREE_PARAMETERS}
    text = json.dumps(parameters.get(model, {}), sort_keys=True)
    return number, target, model, date, text, seed, n


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
