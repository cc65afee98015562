"""Find the two axes along which customers differ most."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA, TruncatedSVD
from threadpoolctl import threadpool_limits

from customer_analytics.segments.labels import Columns, samples_by_feature_set

AXIS_COUNT = 2


def feature_set_axes(sample: Columns) -> Columns:
    """Find the principal components of each feature set (Pearson 1901).

    Parameters
    ----------
    sample : dict of arrays
        See `labels.samples_by_feature_set`.

    Returns
    -------
    dict of arrays of shape (n_sets * 2 * n_features,)
        ``feature_set``, ``axis`` (1, 2), ``position`` of the feature (from 1),
        ``origin`` (mean of the feature), ``loading`` (-1..1; squares of an axis add up
        to 1, the largest is positive) and ``explained_variance`` (share of the axis,
        0..1). A set with a single feature has a second axis of zeros.
    """
    parts = []
    for feature_set in samples_by_feature_set(sample):
        points = feature_set.points
        width = points.shape[1]
        model = PCA(n_components=min(AXIS_COUNT, width), svd_solver="full")
        # Of equal points: 0 divided by 0, which counts as nothing explained.
        with threadpool_limits(limits=1), np.errstate(invalid="ignore"):
            model.fit(points)
        loadings = np.zeros((AXIS_COUNT, width))
        loadings[: len(model.components_)] = model.components_
        shares = np.zeros(AXIS_COUNT)
        shares[: len(model.components_)] = np.nan_to_num(
            model.explained_variance_ratio_
        )
        parts.append(
            {
                "feature_set": np.full(AXIS_COUNT * width, feature_set.name, object),
                "axis": np.repeat(np.arange(1, AXIS_COUNT + 1), width),
                "position": np.tile(np.arange(1, width + 1), AXIS_COUNT),
                "origin": np.tile(model.mean_, AXIS_COUNT).round(9),
                "loading": _upright(loadings).ravel().round(9),
                "explained_variance": np.repeat(shares, width).round(9),
            }
        )
    return _stacked(
        parts,
        ("feature_set", object),
        ("axis", np.int64),
        ("position", np.int64),
        ("origin", float),
        ("loading", float),
        ("explained_variance", float),
    )


def product_axes(
    customer: np.ndarray, product: np.ndarray, weight: np.ndarray, seed: int
) -> Columns:
    """Find the two latent tastes in what customers bought.

    A truncated singular value decomposition, which does not centre and so keeps the
    matrix sparse (Deerwester et al. 1990; Halko, Martinsson and Tropp 2011).

    Parameters
    ----------
    customer, product : int arrays of shape (n_pairs,)
        Who bought what; any numbers from 0, each pair once.
    weight : float array of shape (n_pairs,)
        How much.
    seed : int

    Returns
    -------
    dict of arrays of shape (2 * n_products,)
        ``axis`` (1, 2), ``product`` (the numbers given), ``loading`` (squares of an
        axis add up to 1, the largest is positive) and ``explained_variance`` (0..1).
        Empty with fewer than three products or three customers.
    """
    customers, rows = np.unique(customer, return_inverse=True)
    products, columns = np.unique(product, return_inverse=True)
    parts = []
    if min(len(products), len(customers)) > AXIS_COUNT:
        matrix = csr_matrix(
            (weight, (rows, columns)), shape=(len(customers), len(products))
        )
        model = TruncatedSVD(n_components=AXIS_COUNT, random_state=seed)
        with (
            threadpool_limits(limits=1),
            np.errstate(invalid="ignore", divide="ignore"),
        ):
            model.fit(matrix)
        count = len(products)
        squares = matrix.power(2).mean(axis=0)
        total = float((squares - np.square(matrix.mean(axis=0))).sum())
        # Where all are alike there is nothing to explain, but what rounding leaves.
        is_flat = total <= 1e-12 * float(squares.sum())
        shares = np.zeros(AXIS_COUNT) if is_flat else model.explained_variance_ratio_
        parts.append(
            {
                "axis": np.repeat(np.arange(1, AXIS_COUNT + 1), count),
                "product": np.tile(products, AXIS_COUNT),
                "loading": _upright(model.components_).ravel().round(9),
                "explained_variance": np.repeat(shares, count).round(9),
            }
        )
    return _stacked(
        parts,
        ("axis", np.int64),
        ("product", np.int64),
        ("loading", float),
        ("explained_variance", float),
    )


def _upright(loadings: np.ndarray) -> np.ndarray:
    """Turn each axis so that its largest loading is positive."""
    largest = np.abs(loadings.round(9)).argmax(axis=1)
    signs = np.sign(loadings[np.arange(len(loadings)), largest])
    return loadings * np.where(signs == 0, 1, signs)[:, None]


def _stacked(parts: Sequence[Columns], *kinds: tuple[str, type]) -> Columns:
    return {
        name: np.concatenate([np.zeros(0, dtype=kind), *(p[name] for p in parts)])
        for name, kind in kinds
    }
