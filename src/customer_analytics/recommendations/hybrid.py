"""A hybrid of all sources, weighted by what came true in earlier windows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from customer_analytics.recommendations.sources import NEVER_DAYS, SOURCES, Sources

SLOTS = ("repeat", "discovery")
# Sources whose best products are looked at for products never bought.
CANDIDATE_SOURCES = (
    *("recent_popularity", "item_knn", "svd", "ease", "tifu_knn", "association_rules"),
)
CANDIDATES_PER_SOURCE = 50
PERSONAL = ("personal_frequency", "personal_decay")
# Candidates that weights are learned from at most: every so-manieth of all.
MAX_TRAINING_ROWS = 150_000
TINY = np.finfo(np.float32).tiny
# What tells customers apart rather than products: it moves scores, not ranks.
CUSTOMER = "customer"
MIN_POSITIVES = 30


@dataclass(frozen=True)
class Candidates:
    """Products of some customers that a slot may recommend, and what is known of them.

    Attributes
    ----------
    row, product : int arrays of shape (n_candidates,)
        Position of the customer, number of the product; sorted by these.
    features : float array of shape (n_candidates, n_features)
        In the order of `FEATURES`.
    """

    row: np.ndarray
    product: np.ndarray
    features: np.ndarray


# (source, feature) pairs: what each source says of a product, in two ways.
FEATURES = (
    *((name, f"{name}_relative") for name in SOURCES),
    *((name, f"{name}_root") for name in SOURCES),
    ("personal_frequency", "share_of_orders"),
    ("personal_decay", "log_days_since"),
    (CUSTOMER, "log_orders"),
    (CUSTOMER, "log_days_since_any"),
    (CUSTOMER, "log_products_per_order"),
)


@dataclass(frozen=True)
class SlotModel:
    """A logistic regression over the sources, for one slot.

    Attributes
    ----------
    mean, scale, weight : float arrays of shape (n_features,)
    intercept : float
    candidate_count, positive_count : int
        What it was fitted on.
    """

    mean: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    intercept: float
    candidate_count: int
    positive_count: int

    def loudest_sources(self, features: np.ndarray, slot: str) -> np.ndarray:
        """Return which of SOURCES adds most to the log odds of each candidate.

        Of a product never bought, personal frequency has nothing to say.
        """
        names = [n for n in SOURCES if slot == "repeat" or n not in PERSONAL]
        parts = (features - self.mean) / self.scale * self.weight
        owners = np.array([source for source, _ in FEATURES])
        added = np.column_stack([parts[:, owners == n].sum(axis=1) for n in names])
        return np.array(names, dtype=object)[added.round(9).argmax(axis=1)]

    def probability(self, features: np.ndarray) -> np.ndarray:
        """Return the chance that the product is in the next basket, 0..1."""
        weight = self.weight / self.scale
        odds = features @ weight + (self.intercept - self.mean @ weight)
        return 1 / (1 + np.exp(-odds))


def candidates(
    sources: Sources, customers: np.ndarray, scores: dict[str, np.ndarray]
) -> dict[str, Candidates]:
    """Choose the products worth scoring for each slot, and describe them.

    Parameters
    ----------
    sources : Sources
    customers : int array of shape (n_customers,)
    scores : dict of arrays
        What ``sources.scores(customers)`` returned.

    Returns
    -------
    dict of str to Candidates
        By slot: all products bought before; of the others the best of each source.
    """
    is_bought = sources.bought(customers)
    is_chosen = np.zeros(is_bought.shape, dtype=bool)
    count = min(CANDIDATES_PER_SOURCE, is_chosen.shape[1])
    for name in CANDIDATE_SOURCES if count else ():
        allowed = np.where(is_bought, -np.inf, scores[name])
        if name == "recent_popularity":
            # Of equal ones the first, so that they are so many.
            allowed += np.linspace(1, 0.5, is_chosen.shape[1], dtype=np.float32)
        least = np.partition(allowed, -count, axis=1)[:, [-count]]
        # What a source knows nothing of it does not propose.
        is_chosen |= allowed >= np.maximum(least, TINY)
    places = {"repeat": np.nonzero(is_bought), "discovery": np.nonzero(is_chosen)}
    return {
        slot: Candidates(
            row,
            sources.offered[place],
            _features(sources, customers, scores, row, place),
        )
        for slot, (row, place) in places.items()
    }


def _features(
    sources: Sources,
    customers: np.ndarray,
    scores: dict[str, np.ndarray],
    row: np.ndarray,
    place: np.ndarray,
) -> np.ndarray:
    features = np.empty((len(FEATURES), len(row)))
    for i, name in enumerate(SOURCES):
        values = np.maximum(scores[name][row, place], 0)
        best = np.maximum(scores[name].max(axis=1, initial=0), 1e-9)
        features[i] = np.log(values / best[row] + 0.01)
        features[len(SOURCES) + i] = np.sqrt(values)
    who = customers[row]
    orders = np.maximum(sources.order_counts[who], 1)
    times = _values_at(sources.counts, who, place)
    days = _values_at(sources.last_days, who, place)
    features[2 * len(SOURCES) :] = (
        np.log((times + 0.2) / (orders + 1)),
        np.log1p(np.where(days > 0, days, NEVER_DAYS)),
        np.log(orders),
        np.log1p(sources.days_since_any[who]),
        np.log1p(sources.product_counts[who] / orders),
    )
    return features.T


def _values_at(matrix, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    # An empty selection of a sparse matrix is a sparse matrix, any other an array.
    return np.asarray(matrix[row, column]).ravel() if len(row) else np.zeros(0)


def fit_slot(windows: Sequence[tuple[Candidates, np.ndarray]]) -> SlotModel | None:
    """Weight the sources by what came true.

    Parameters
    ----------
    windows : sequence of (Candidates, bool array of shape (n_candidates,))
        Of earlier dates: the candidates, and whether each was in the next basket.

    Returns
    -------
    SlotModel or None
        None where too few came true to learn from (`MIN_POSITIVES`).
    """
    if not windows:
        return None
    step = -(-sum(len(truth) for _, truth in windows) // MAX_TRAINING_ROWS) or 1
    features = np.concatenate([found.features[::step] for found, _ in windows])
    is_true = np.concatenate([truth[::step] for _, truth in windows])
    positives = int(is_true.sum())
    if positives < MIN_POSITIVES or positives == len(is_true):
        return None
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale < 1e-9] = 1
    model = LogisticRegression(C=1.0, solver="newton-cholesky")
    model.fit((features - mean) / scale, is_true)
    return SlotModel(
        mean,
        scale,
        model.coef_[0],
        float(model.intercept_[0]),
        len(is_true),
        positives,
    )
