"""The classifiers behind one interface: fit on training rows, score anybody."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xgboost
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

PLAIN, CLASS_WEIGHT, SMOTED = "plain", "class_weight", "smote"
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of classifier.

    Attributes
    ----------
    grid : sequence of mappings
        What tuning tries; the first is taken where there is too little to tune on.
    largest_share : float
        Of the training rows that it is fitted on at most, 0..1: slow ones get fewer.
    balancing : sequence of str
        Variants against class imbalance that it is compared in.
    contends : bool
        Whether it may vote and serve. What was never among the best on any data is
        compared at the latest cut-offs, no more.
    """

    grid: Sequence[Parameters]
    largest_share: float = 1.0
    balancing: Sequence[str] = ()
    contends: bool = True


KINDS: dict[str, Kind] = {
    "logistic_regression": Kind(
        [{"C": 0.03}, {"C": 0.003}, {"C": 0.3}], balancing=(CLASS_WEIGHT, SMOTED)
    ),
    "nearest_neighbours": Kind(
        [{"n_neighbors": 50}, {"n_neighbors": 100}], 0.15, contends=False
    ),
    "support_vectors": Kind([{"C": 0.3}, {"C": 1.0}], 0.06, contends=False),
    "decision_tree": Kind(
        [
            {"max_depth": 5, "min_samples_leaf": 60},
            {"max_depth": 4, "min_samples_leaf": 30},
            {"max_depth": 7, "min_samples_leaf": 100},
        ],
        0.5,
    ),
    "random_forest": Kind(
        [
            {"n_estimators": 30, "max_depth": 6, "min_samples_leaf": 15},
            {"n_estimators": 30, "max_depth": 9, "min_samples_leaf": 15},
        ]
    ),
    "xgboost": Kind(
        [
            {"n_estimators": 60, "max_depth": 2, "learning_rate": 0.12},
            {"n_estimators": 35, "max_depth": 3, "learning_rate": 0.12},
        ],
        balancing=(CLASS_WEIGHT, SMOTED),
    ),
    "multilayer_perceptron": Kind(
        [{"hidden_units": 16, "alpha": 1.0}, {"hidden_units": 16, "alpha": 10.0}],
        0.35,
        contends=False,
    ),
}


@dataclass(frozen=True)
class Fitted:
    """A fitted classifier.

    Attributes
    ----------
    name : str
        Kind of classifier.
    steps : sequence of estimators
        What inputs go through before the classifier.
    classifier : estimator
    platt : LogisticRegression or None
        From a decision value to a probability; support vectors only.
    """

    name: str
    steps: Sequence[BaseEstimator]
    classifier: Any
    platt: LogisticRegression | None = None

    def prepared(self, inputs: np.ndarray) -> np.ndarray:
        """Return inputs as the classifier gets them."""
        for step in self.steps:
            inputs = step.transform(inputs)
        return inputs

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Return probabilities.

        Parameters
        ----------
        inputs : float array of shape (n_rows, n_features)
            NaN where unknown.

        Returns
        -------
        float array of shape (n_rows,)
            0..1.
        """
        if not len(inputs):
            return np.zeros(0)
        prepared = self.prepared(inputs)
        if self.platt is not None:
            decided = self.classifier.decision_function(prepared)
            return self.platt.predict_proba(decided[:, None])[:, 1]
        return self.classifier.predict_proba(prepared)[:, 1].astype(float)


@dataclass(frozen=True)
class Vote:
    """The mean probability of several fitted classifiers.

    Attributes
    ----------
    members : sequence of Fitted
    """

    members: Sequence[Fitted] = field(default_factory=tuple)

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Return probabilities; see `Fitted.score`."""
        return np.mean([member.score(inputs) for member in self.members], axis=0)


def fit(
    name: str,
    inputs: np.ndarray,
    outcomes: np.ndarray,
    parameters: Parameters,
    *,
    variant: str = PLAIN,
    seed: int,
    steps: Sequence[BaseEstimator] | None = None,
    share: float | None = None,
) -> Fitted:
    """Fit one classifier; imputing, scaling and resampling see these rows alone.

    Parameters
    ----------
    name : str
        Key of `KINDS`.
    inputs : float array of shape (n_rows, n_features)
        NaN where unknown: the median of the rows, or for XGBoost a branch of its own.
    outcomes : bool array of shape (n_rows,)
        Both values must be there.
    parameters : mapping
        One of the kind's grid.
    variant : str
        'plain', 'class_weight' (classes weigh the same) or 'smote' (as many positives
        as negatives by interpolation; Chawla et al. 2002).
    seed : int
    steps : sequence of estimators, optional
        `preparation` of these same rows, where several models share it.
    share : float, optional
        Of the rows that it is fitted on at most, 0..1; by default the kind's.

    Returns
    -------
    Fitted

    Raises
    ------
    ValueError
        If the outcomes are all alike.
    """
    if outcomes.all() or not outcomes.any():
        raise ValueError(f"{name}: outcomes are all {bool(outcomes[0])}, both needed")
    share = KINDS[name].largest_share if share is None else share
    rows = _subset(len(outcomes), share, outcomes, seed)
    if name == "xgboost" and variant != SMOTED:
        steps = ()
    elif steps is None:
        steps = preparation(inputs)
    weight = "balanced" if variant == CLASS_WEIGHT else None
    if weight and name == "xgboost":
        weight = (~outcomes).sum() / outcomes.sum()
    classifier = _classifier(name, parameters, weight, len(rows), seed)
    fitted = Fitted(name, steps, classifier)
    prepared, target = fitted.prepared(inputs[rows]), outcomes[rows].astype(int)
    resampling = []
    neighbours = min(5, int(min(target.sum(), (1 - target).sum())) - 1)
    if variant == SMOTED and neighbours >= 1:
        resampling = [("smote", SMOTE(k_neighbors=neighbours, random_state=seed))]
    # Only the rows that it is fitted on are resampled.
    Pipeline([*resampling, ("classifier", classifier)]).fit(prepared, target)
    if name != "support_vectors":
        return fitted
    return _with_platt(fitted, inputs, outcomes, rows, seed)


def preparation(inputs: np.ndarray) -> Sequence[BaseEstimator]:
    """Return what makes inputs fit for models that want them known and scaled.

    Parameters
    ----------
    inputs : float array of shape (n_rows, n_features)
        Training rows; NaN where unknown.

    Returns
    -------
    sequence of estimators
        Unknown values become the median, all in standard deviations from the mean.
    """
    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    scaler = StandardScaler().fit(imputer.fit_transform(inputs))
    return imputer, scaler


def _with_platt(
    fitted: Fitted,
    inputs: np.ndarray,
    outcomes: np.ndarray,
    rows: np.ndarray,
    seed: int,
) -> Fitted:
    """Map decisions to probabilities on rows it was not fitted on (Platt 1999)."""
    others = np.setdiff1d(np.arange(len(outcomes)), rows)
    others = others[_subset(len(others), 0.15, outcomes[others], seed)]
    if len(np.unique(outcomes[others])) < 2:
        others = rows
    decided = fitted.classifier.decision_function(fitted.prepared(inputs[others]))
    platt = LogisticRegression(C=1e3, solver="newton-cholesky", tol=1e-8)
    platt.fit(decided[:, None], outcomes[others])
    return Fitted(fitted.name, fitted.steps, fitted.classifier, platt)


def _subset(count: int, share: float, outcomes: np.ndarray, seed: int) -> np.ndarray:
    """Return positions of a sample in rising order, with both outcomes in it."""
    if share >= 1:
        return np.arange(count)
    drawn = np.random.default_rng(seed).permutation(count)[: max(int(share * count), 1)]
    for value in (True, False):
        if not (outcomes[drawn] == value).any():
            drawn = np.append(drawn, np.flatnonzero(outcomes == value)[:2])
    return np.sort(drawn)


def _classifier(
    name: str, parameters: Parameters, weight: Any, rows: int, seed: int
) -> Any:
    if name == "logistic_regression":
        return LogisticRegression(
            solver="newton-cholesky", tol=1e-8, class_weight=weight, **parameters
        )
    if name == "nearest_neighbours":
        # In so many dimensions a tree finds nothing sooner.
        return _Neighbours(algorithm="brute", **parameters)
    if name == "support_vectors":
        return SVC(class_weight=weight, random_state=seed, cache_size=100, **parameters)
    if name == "decision_tree":
        return DecisionTreeClassifier(
            class_weight=weight, random_state=seed, **parameters
        )
    if name == "random_forest":
        return RandomForestClassifier(
            class_weight=weight,
            max_features=0.2,
            max_samples=min(rows, max(rows // 6, 200)),
            random_state=seed,
            n_jobs=1,
            **parameters,
        )
    if name == "xgboost":
        return xgboost.XGBClassifier(
            tree_method="hist",
            max_bin=64,
            min_child_weight=10,
            subsample=0.7,
            colsample_bytree=0.5,
            reg_lambda=5.0,
            scale_pos_weight=weight,
            random_state=seed,
            n_jobs=1,
            **parameters,
        )
    return MLPClassifier(
        hidden_layer_sizes=(parameters["hidden_units"],),
        alpha=parameters["alpha"],
        learning_rate_init=0.005,
        batch_size=min(128, rows),
        max_iter=12,
        random_state=seed,
    )


class _Neighbours(KNeighborsClassifier):
    """Nearest neighbours, no more of them than there are rows."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> "_Neighbours":  # noqa: N803
        self.n_neighbors = min(self.n_neighbors, len(X))
        return super().fit(X, y)


def as_json(parameters: Parameters) -> str:
    """Return parameters as JSON with sorted keys."""
    return json.dumps(dict(parameters), sort_keys=True)
