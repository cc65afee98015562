"""Sources of recommendations: each scores every product for every customer."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import spotrf, spotri
from scipy.sparse import csr_matrix, diags, issparse
from sklearn.utils.extmath import randomized_svd

from customer_analytics.recommendations.history import History

SOURCES = (
    "popularity",
    "recent_popularity",
    "personal_frequency",
    "personal_decay",
    "item_knn",
    "svd",
    "ease",
    "tifu_knn",
    "association_rules",
)
# What tells customers apart of whom nothing is known.
NEVER_DAYS = 1000.0
# From which on a sparse matrix is faster as a dense one.
DENSE_SHARE = 0.03
# Items that a product's likeness to others is remembered for.
NEIGHBOUR_ITEMS = 50
# Cosines that are computed at a time: bounds their memory.
LIKENESS_ELEMENTS = 4_000_000


@dataclass(frozen=True)
class SourceSettings:
    """What the sources can be told.

    Attributes
    ----------
    recent_days : int
        Days that count for recent popularity.
    half_life_days : float
        After which an order counts half, for personal decay and the factorisation.
    factors : int
        Factors of the truncated SVD.
    neighbours : int
        Customers that are looked at by TIFU-style neighbours.
    order_decay : float
        What an order counts for, of the one after it, for the same (0..1).
    own_share : float
        Weight of the customer's own orders against the neighbours' (0..1).
    ease_products : int
        Most ordered products that EASE compares.
    ease_ridge : float
        Its ridge, as a share of the customers.
    min_pair_count : int
        Least baskets of a pair that is a rule.
    max_fit_customers : int
        Customers that factors are learned from; where there are more, so many drawn.
    max_neighbours : int
        Customers among whom neighbours are sought; where there are more, so many drawn.
    seed : int
    """

    recent_days: int = 30
    half_life_days: float = 180
    factors: int = 64
    neighbours: int = 100
    order_decay: float = 0.9
    own_share: float = 0.7
    ease_products: int = 2000
    ease_ridge: float = 0.1
    min_pair_count: int = 10
    max_fit_customers: int = 20000
    max_neighbours: int = 3000
    seed: int = 0


@dataclass(frozen=True)
class Taught:
    """What the orders of all customers before a date say of products.

    Attributes
    ----------
    likeness : sparse matrix of shape (n_products, n_products)
        Of each product (row), those most like it.
    factors : float array of shape (n_products, n_factors)
        Products' places on the latent tastes.
    ease_products : int array of shape (n_compared,)
        The products that EASE compares.
    ease : float array of shape (n_compared, n_compared)
        How each one bought speaks for each other.
    confidence : sparse matrix of shape (n_products, n_products)
        Share of a product's baskets (row) that hold another (column).
    customers : int array of shape (n_neighbours,)
        Who is looked at as a neighbour.
    own, own_unit : sparse matrices of shape (n_neighbours, n_products)
        What they usually order; the same as rows of length 1.
    """

    likeness: csr_matrix
    factors: np.ndarray
    ease_products: np.ndarray
    ease: np.ndarray
    confidence: csr_matrix
    customers: np.ndarray
    own: csr_matrix
    own_unit: csr_matrix

    def among(self, product_count: int) -> "Taught":
        """Return the same among so many products; of new ones nothing is said."""
        more = product_count - len(self.factors)
        square = (product_count, product_count)
        neighbours = (self.own.shape[0], product_count)
        return Taught(
            _resized(self.likeness, square),
            np.pad(self.factors, ((0, more), (0, 0))),
            self.ease_products,
            self.ease,
            _resized(self.confidence, square),
            self.customers,
            _resized(self.own, neighbours),
            _resized(self.own_unit, neighbours),
        )


def _resized(matrix: csr_matrix, shape: tuple[int, int]) -> csr_matrix:
    resized = matrix.copy()
    resized.resize(shape)
    return resized


def teach(
    history: History, is_eligible: np.ndarray, settings: SourceSettings
) -> Taught:
    """Learn from the orders of all customers.

    Parameters
    ----------
    history : History
    is_eligible : bool array of shape (n_products,)
        Products that likenesses lead to.
    settings : SourceSettings

    Returns
    -------
    Taught
    """
    customers = _drawn(history.customer_count, settings.max_fit_customers, settings)
    others = _drawn(history.customer_count, settings.max_neighbours, settings)
    counts = history.matrix()[customers]
    own = _usual(history, settings)[others]
    return Taught(
        _item_likeness(_unit_rows(_logged(counts)), is_eligible),
        _factors(history.decayed(settings.half_life_days)[customers], settings),
        *_ease_weights(counts, settings),
        _pair_confidence(history, settings.min_pair_count),
        others,
        own,
        _unit_rows(own),
    )


@dataclass(frozen=True)
class Popularity:
    """How often products are ordered, by all customers.

    Attributes
    ----------
    ever, recent : float32 arrays of shape (n_products,)
        Orders in all, and in the last days.
    """

    ever: np.ndarray
    recent: np.ndarray


def popularity_of(history: History, settings: SourceSettings) -> Popularity:
    """Count the orders of each product.

    Parameters
    ----------
    history : History
    settings : SourceSettings

    Returns
    -------
    Popularity
    """
    is_recent = history.days_ago <= settings.recent_days
    count = history.product_count
    return Popularity(
        np.bincount(history.product, minlength=count).astype(np.float32),
        np.bincount(history.product[is_recent], minlength=count).astype(np.float32),
    )


def _drawn(customer_count: int, most: int, settings: SourceSettings) -> np.ndarray:
    """Return who is learned from: the same of the same number of customers."""
    if customer_count <= most:
        return np.arange(customer_count)
    draw = np.random.default_rng(settings.seed)
    return np.sort(draw.choice(customer_count, most, replace=False))


def _logged(counts: csr_matrix) -> csr_matrix:
    logged = counts.copy()
    logged.data = np.log1p(logged.data)
    return logged


def _usual(history: History, settings: SourceSettings) -> csr_matrix:
    """Return what customers order, the latest orders counting most."""
    return history.matrix(
        settings.order_decay ** history.orders_since()
        / history.order_counts()[history.customer]
    )


class Sources:
    """All sources, as of a date.

    Parameters
    ----------
    history : History
        What was known at the date.
    is_eligible : bool array of shape (n_products,)
        Products that may be recommended; the others are not scored.
    settings : SourceSettings
    taught : Taught, optional
        What was learned of products, where that was earlier; else from the history.
    popularity : Popularity, optional
        Where the history is of some customers only; else of the history.

    Attributes
    ----------
    offered : int array of shape (n_offered,)
        Numbers of the products that are scored: the columns of scores.
    counts, last_days : sparse matrices of shape (n_customers, n_offered)
        Orders of them, and days since the last.
    order_counts, product_counts, days_since_any : arrays of shape (n_customers,)
        Of all products.
    """

    def __init__(
        self,
        history: History,
        is_eligible: np.ndarray,
        settings: SourceSettings,
        taught: Taught | None = None,
        popularity: Popularity | None = None,
    ) -> None:
        self.settings = settings
        self.offered = np.flatnonzero(is_eligible)
        if taught is None:
            taught = teach(history, np.asarray(is_eligible, dtype=bool), settings)
        self._taught = taught.among(history.product_count)
        self._bought = history.matrix()
        self.counts = self._bought[:, self.offered]
        self.last_days = _last_days(history)[:, self.offered]
        self.order_counts = history.order_counts()
        self.product_counts = np.diff(self._bought.indptr)
        self.days_since_any = history.days_since_any(NEVER_DAYS)
        self._decayed = history.decayed(settings.half_life_days)
        self._own = _usual(history, settings)
        popularity = popularity or popularity_of(history, settings)
        self._popularity = popularity.ever[self.offered]
        self._recent = popularity.recent[self.offered]
        # Ties go to what sells now, as they cannot be told apart otherwise.
        self._tie_break = self._recent / (2 * max(self._recent.max(initial=0), 1))
        self._likeness = self._taught.likeness[:, self.offered]
        self._factors = np.ascontiguousarray(self._taught.factors[self.offered].T)
        compared = self._taught.ease_products
        self._is_compared = np.isin(self.offered, compared)
        self._ease = self._taught.ease[:, np.isin(compared, self.offered)].copy()
        self.confidence = self._taught.confidence[:, self.offered]
        strength = self.confidence.copy()
        strength.data = -np.log1p(-np.minimum(strength.data, 0.99))
        # In a shop where most products have rules to many, dense is twice as fast.
        is_dense = strength.nnz > DENSE_SHARE * np.prod(strength.shape)
        self._rule_strength = strength.toarray() if is_dense else strength
        self._theirs = self._taught.own[:, self.offered]
        # Of the widest dense matrix that scoring customers makes.
        self.width = max(len(self.offered), len(self._taught.customers))

    def bought(self, customers: np.ndarray) -> np.ndarray:
        """Return which of the offered products some customers have bought.

        Parameters
        ----------
        customers : int array of shape (n_customers,)

        Returns
        -------
        bool array of shape (n_customers, n_offered)
            Those that may stand in the slot repeat; the others in discovery.
        """
        return self.counts[customers].toarray() > 0

    def scores(
        self, customers: np.ndarray, names: Collection[str] = SOURCES
    ) -> dict[str, np.ndarray]:
        """Score all offered products for some customers.

        Parameters
        ----------
        customers : int array of shape (n_customers,)
        names : collection of str
            Which of SOURCES are asked.

        Returns
        -------
        dict of str to float32 array of shape (n_customers, n_offered)
            The higher, the more likely; on scales of their own.
        """
        return {name: getattr(self, f"_{name}_scores")(customers) for name in names}

    def _popularity_scores(self, customers: np.ndarray) -> np.ndarray:
        return _for_each(customers, self._popularity)

    def _recent_popularity_scores(self, customers: np.ndarray) -> np.ndarray:
        return _for_each(customers, self._recent)

    def _personal_frequency_scores(self, customers: np.ndarray) -> np.ndarray:
        return self.counts[customers].toarray() + self._tie_break

    def _personal_decay_scores(self, customers: np.ndarray) -> np.ndarray:
        own = self._decayed[customers][:, self.offered].toarray()
        return own + self._tie_break / 100

    def _item_knn_scores(self, customers: np.ndarray) -> np.ndarray:
        logged = _unit_rows(_logged(self._bought[customers]))
        return (logged @ self._likeness).toarray()

    def _svd_scores(self, customers: np.ndarray) -> np.ndarray:
        return self._decayed[customers] @ self._taught.factors @ self._factors

    def _ease_scores(self, customers: np.ndarray) -> np.ndarray:
        bought = _ones(self._bought[customers])[:, self._taught.ease_products]
        scores = np.zeros((len(customers), len(self.offered)), dtype=np.float32)
        scores[:, self._is_compared] = bought @ self._ease
        return scores

    def _association_rules_scores(self, customers: np.ndarray) -> np.ndarray:
        strength = _ones(self._bought[customers]) @ self._rule_strength
        if issparse(strength):
            strength = strength.toarray()
        # The chance that at least one rule fires, were they independent.
        return -np.expm1(-strength)

    def _tifu_knn_scores(self, customers: np.ndarray) -> np.ndarray:
        share = self.settings.own_share
        own = self._own[customers]
        theirs = (self._neighbours(customers, own) @ self._theirs).toarray()
        return share * own[:, self.offered].toarray() + (1 - share) * theirs

    def _neighbours(self, customers: np.ndarray, own: csr_matrix) -> csr_matrix:
        """Return equal weights of those most like each customer, one column each."""
        others = self._taught.own_unit
        likeness = np.ascontiguousarray((others @ _unit_rows(own).T.toarray()).T)
        is_self = self._taught.customers == customers[:, None]
        likeness[is_self] = 0
        count = min(self.settings.neighbours, likeness.shape[1])
        nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        is_like = np.take_along_axis(likeness, nearest, axis=1) > 0
        rows = np.repeat(np.arange(len(customers)), count)
        return csr_matrix(
            (is_like.ravel().astype(np.float32) / count, (rows, nearest.ravel())),
            shape=likeness.shape,
        )


def _for_each(customers: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.broadcast_to(values, (len(customers), len(values)))


def _ones(matrix: csr_matrix) -> csr_matrix:
    ones = matrix.copy()
    ones.data = np.ones_like(ones.data)
    return ones


def _last_days(history: History) -> csr_matrix:
    """Return days since the last order of each customer and product bought."""
    key = history.customer.astype(np.int64) * history.product_count + history.product
    # Stable: the latest of a customer's orders of a product comes last.
    order = np.argsort(key, kind="stable")
    is_last = np.ones(len(key), dtype=bool)
    is_last[:-1] = key[order][1:] != key[order][:-1]
    last = order[is_last]
    return csr_matrix(
        (
            history.days_ago[last].astype(np.float32),
            (history.customer[last], history.product[last]),
        ),
        shape=(history.customer_count, history.product_count),
    )


def _unit_rows(matrix: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-12)) @ matrix).tocsr().astype(np.float32)


def _item_likeness(logged: csr_matrix, is_eligible: np.ndarray) -> csr_matrix:
    """Return, of each product (row), those most like it that may be recommended."""
    by_product = _unit_rows(logged.T.tocsr())
    offered = np.flatnonzero(is_eligible)
    others = by_product[offered].T.tocsr()
    count = min(NEIGHBOUR_ITEMS, len(offered))
    rows, columns, values = [], [], []
    step = max(1, LIKENESS_ELEMENTS // max(len(offered), 1))
    for start in range(0, by_product.shape[0] if count else 0, step):
        block = (by_product[start : start + step] @ others).toarray()
        own = np.arange(start, start + len(block))
        block[own[:, None] == offered] = 0
        best = np.argpartition(-block, count - 1, axis=1)[:, :count]
        value = np.take_along_axis(block, best, axis=1).ravel().round(6)
        rows.append(np.repeat(own, count)[value > 0])
        columns.append(offered[best.ravel()[value > 0]])
        values.append(value[value > 0])
    empty = np.zeros(0, dtype=np.int64)
    return csr_matrix(
        (
            np.concatenate([empty.astype(np.float32), *values]),
            (np.concatenate([empty, *rows]), np.concatenate([empty, *columns])),
        ),
        shape=(by_product.shape[0], by_product.shape[0]),
        dtype=np.float32,
    )


def _factors(decayed: csr_matrix, settings: SourceSettings) -> np.ndarray:
    """Return products' places on the latent tastes, shape (n_products, n_factors)."""
    count = min(settings.factors, min(decayed.shape) - 1)
    if count < 1 or not decayed.nnz:
        return np.zeros((decayed.shape[1], 1), dtype=np.float32)
    _, _, tastes = randomized_svd(decayed, count, n_iter=3, random_state=settings.seed)
    return tastes.T.astype(np.float32)


def _ease_weights(
    counts: csr_matrix, settings: SourceSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Return the products compared, and how each one bought speaks for each other."""
    popularity = np.asarray((counts > 0).sum(axis=0)).ravel()
    products = np.argsort(-popularity, kind="stable")[: settings.ease_products]
    products = np.sort(products[popularity[products] > 0])
    bought = (counts[:, products] > 0).astype(np.float32)
    gram = (bought.T @ bought).toarray()
    gram[np.diag_indices(len(products))] += settings.ease_ridge * counts.shape[0]
    if not len(products):
        return products, gram
    # By Cholesky's factor, a third of the work of any other inverse; the ridge keeps it
    # within what single precision can do.
    factor, _ = spotrf(gram)
    upper, _ = spotri(factor)
    upper = np.triu(upper)
    weights = -(upper + np.triu(upper, 1).T) / np.diag(upper)
    np.fill_diagonal(weights, 0)
    return products, weights


def _pair_confidence(history: History, min_pair_count: int) -> csr_matrix:
    """Return the share of a product's baskets (row) that hold another (column)."""
    _, basket = np.unique(history.order, return_inverse=True)
    shape = (int(basket.max(initial=-1)) + 1, history.product_count)
    held = csr_matrix(
        (np.ones(len(basket), dtype=np.float32), (basket, history.product)), shape=shape
    )
    pairs = (held.T @ held).tocsr()
    counts = pairs.diagonal()
    pairs.setdiag(0)
    pairs.data[pairs.data < min_pair_count] = 0
    pairs.eliminate_zeros()
    return (diags(1 / np.maximum(counts, 1)) @ pairs).tocsr().astype(np.float32)
