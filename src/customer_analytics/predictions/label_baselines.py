"""What models of given outcomes have to beat: the base rate and the best feature."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from customer_analytics.predictions.backtest import HELD_OUT_SHARE
from customer_analytics.predictions.label_inputs import AMOUNT, Encoding

BASE_RATE, BEST_FEATURE = "base_rate", "best_feature"
BASELINES = (BASE_RATE, BEST_FEATURE)


@dataclass(frozen=True)
class Constant:
    """The same for everybody.

    Attributes
    ----------
    value : float
    """

    value: float

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Return the value for each row."""
        return np.full(len(inputs), self.value)


@dataclass(frozen=True)
class OneFeature:
    """A small tree on the columns of one feature; that it is unknown tells too.

    Attributes
    ----------
    columns : int array
    blank : float array of the same shape
        Stands for unknown: below all that is known.
    tree : DecisionTreeClassifier or DecisionTreeRegressor
    """

    columns: np.ndarray
    blank: np.ndarray
    tree: Any

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Return probabilities, or numbers, of shape (n_rows,)."""
        if not len(inputs):
            return np.zeros(0)
        own = inputs[:, self.columns]
        own = np.where(np.isnan(own), self.blank, own)
        if isinstance(self.tree, DecisionTreeRegressor):
            return self.tree.predict(own)
        return self.tree.predict_proba(own)[:, -1]


def one_feature(
    inputs: np.ndarray, values: np.ndarray, columns: np.ndarray, kind: str, seed: int
) -> OneFeature:
    """Fit a small tree on the columns of one feature.

    Parameters
    ----------
    inputs : float array of shape (n_rows, n_columns)
        NaN where unknown.
    values : float array of shape (n_rows,)
        0 or 1, or numbers.
    columns : int array
    kind : str
        Of the outcome.
    seed : int

    Returns
    -------
    OneFeature
    """
    own = inputs[:, columns]
    lowest = np.ma.masked_invalid(own).min(axis=0)
    blank = np.ma.filled(lowest, 0.0) - 1.0
    leaf = max(5, len(values) // 200)
    make = DecisionTreeRegressor if kind == AMOUNT else DecisionTreeClassifier
    tree = make(max_depth=4, min_samples_leaf=leaf, random_state=seed)
    tree.fit(np.where(np.isnan(own), blank, own), values)
    return OneFeature(columns, blank, tree)


def best_feature(
    inputs: np.ndarray, values: np.ndarray, encoding: Encoding, kind: str, seed: int
) -> OneFeature:
    """Return the tree of the one feature that tells most of rows held out."""
    drawn = np.random.default_rng(seed).permutation(len(values))
    cut = int(HELD_OUT_SHARE * len(values))
    test, train = np.sort(drawn[:cut]), np.sort(drawn[cut:])
    columns = [encoding.columns_of(i) for i in sorted({i for i, _ in encoding.kept})]
    columns = [own for own in columns if len(own)]
    told = [
        worth(
            one_feature(inputs[train], values[train], own, kind, seed).score(
                inputs[test]
            ),
            values[test],
            kind,
        )
        for own in columns
    ]
    if not told:
        return Constant(float(values.mean()))
    best = columns[int(np.argmax(told))]
    return one_feature(inputs, values, best, kind, seed)


def worth(predicted: np.ndarray, values: np.ndarray, kind: str) -> float:
    """Return the ROC-AUC, or of numbers R squared; nine decimals, 0 where undefined."""
    if len(np.unique(values)) < 2:
        return 0.0
    if kind == AMOUNT:
        return round(1 - np.mean((predicted - values) ** 2) / np.var(values), 9)
    return round(float(roc_auc_score(values, predicted)), 9)
