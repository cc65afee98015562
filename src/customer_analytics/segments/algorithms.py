"""Clustering algorithms behind one interface: fit on a sample, label anybody."""

import warnings
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial import KDTree
from sklearn.cluster import DBSCAN, HDBSCAN, KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import pairwise_distances_argmin_min
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors

NOISE = -1
# Of a mixture's variances, in squared standard deviations: a group of equal customers
# would else become infinitely likely.
LEAST_VARIANCE = 1e-3


class Solution(Protocol):
    """A fitted clustering that labels any customer."""

    def assign(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Return labels and, where the algorithm has them, probabilities.

        Parameters
        ----------
        points : float array of shape (n_points, n_features)

        Returns
        -------
        labels : int array of shape (n_points,)
            0 or more; -1 for noise.
        probabilities : float array of shape (n_points,) or None
            How sure the label is, 0..1.
        """


@dataclass(frozen=True)
class NearestCentre:
    """Everybody belongs to the nearest centre.

    Attributes
    ----------
    centres : float array of shape (n_clusters, n_features)
    """

    centres: np.ndarray

    def assign(self, points: np.ndarray) -> tuple[np.ndarray, None]:
        """Label points; see `Solution.assign`."""
        labels, _ = pairwise_distances_argmin_min(points, self.centres)
        return labels.astype(np.int64), None


@dataclass(frozen=True)
class Mixture:
    """Everybody belongs to the most likely component, with its posterior probability.

    Attributes
    ----------
    weights : float array of shape (n_components,)
    means : float array of shape (n_components, n_features)
    covariances : float array of shape (n_components, n_features, n_features)
    precisions_cholesky : float array of the same shape
        Cholesky factors of the inverse covariances.
    log_likelihood : float
        Of all points it was fitted on, natural logarithm.
    free_parameter_count : int
        Weights, means and covariances.
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    precisions_cholesky: np.ndarray
    log_likelihood: float
    free_parameter_count: int

    @property
    def model(self) -> GaussianMixture:
        """The mixture as scikit-learn knows it."""
        model = GaussianMixture(n_components=len(self.weights))
        model.weights_, model.means_ = self.weights, self.means
        model.covariances_ = self.covariances
        model.precisions_cholesky_ = self.precisions_cholesky
        return model

    def assign(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Label points; see `Solution.assign`."""
        posterior = self.model.predict_proba(points)
        return posterior.argmax(axis=1).astype(np.int64), posterior.max(axis=1)


@dataclass(frozen=True)
class NearestNeighbour:
    """Everybody joins the nearest clustered point, or is noise beyond its reach.

    Attributes
    ----------
    points : float array of shape (n_clustered, n_features)
        The points that carry a cluster.
    labels : int array of shape (n_clustered,)
    reach : float array of shape (n_clustered,)
        Largest distance at which a point takes others in.
    """

    points: np.ndarray
    labels: np.ndarray
    reach: np.ndarray

    def assign(self, points: np.ndarray) -> tuple[np.ndarray, None]:
        """Label points; see `Solution.assign`."""
        if not len(self.points):
            return np.full(len(points), NOISE), None
        # A tree, which looks at few of the clustered points, and at none too far away.
        distance, nearest = KDTree(self.points).query(
            points, distance_upper_bound=self.reach.max() + 2e-6, workers=-1
        )
        labels = np.full(len(points), NOISE)
        found = np.isfinite(distance)
        nearest, distance = nearest[found], distance[found]
        # The last digits of a distance depend on how it is computed.
        within = distance <= self.reach[nearest] + 1e-6
        labels[found] = np.where(within, self.labels[nearest], NOISE)
        return labels, None


def fit_kmeans(points: np.ndarray, k: int, seed: int) -> NearestCentre:
    """Fit k-means (Lloyd 1982) from k-means++ starts (Arthur and Vassilvitskii 2007).

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
    k : int
        Number of clusters, 1..n_points.
    seed : int

    Returns
    -------
    NearestCentre
        With ``k`` centres, the best of ten starts.
    """
    model = KMeans(n_clusters=k, n_init=10, random_state=seed)
    with warnings.catch_warnings():
        # Of fewer distinct points than clusters: the choice leaves those out.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return NearestCentre(model.fit(points).cluster_centers_)


def ward_tree(points: np.ndarray) -> np.ndarray:
    """Merge points hierarchically by the least rise of variance (Ward 1963).

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
        Takes memory and time in the square of ``n_points``.

    Returns
    -------
    float array of shape (n_points - 1, 4)
        Merges as `scipy.cluster.hierarchy.linkage` describes them.
    """
    return linkage(points, method="ward")


def cut_ward(points: np.ndarray, tree: np.ndarray, k: int) -> NearestCentre:
    """Cut a Ward tree into k clusters; anybody belongs to the nearest of their means.

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
    tree : float array of shape (n_points - 1, 4)
        From `ward_tree`.
    k : int

    Returns
    -------
    NearestCentre
        With ``k`` centres, or fewer where merges tie.
    """
    labels = fcluster(tree, k, criterion="maxclust")
    return NearestCentre(
        np.array([points[labels == label].mean(axis=0) for label in np.unique(labels)])
    )


def fit_mixture(points: np.ndarray, centres: np.ndarray, seed: int) -> Mixture:
    """Fit a Gaussian mixture with full covariances by EM (Dempster et al. 1977).

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
    centres : float array of shape (k, n_features)
        Where the means start; those of k-means are a good start.
    seed : int

    Returns
    -------
    Mixture
        Of ``k`` components.
    """
    model = GaussianMixture(
        n_components=len(centres),
        means_init=centres,
        reg_covar=LEAST_VARIANCE,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points)
    k, d = centres.shape
    free_parameter_count = (k - 1) + k * d + k * d * (d + 1) // 2
    return Mixture(
        model.weights_,
        model.means_,
        model.covariances_,
        model.precisions_cholesky_,
        float(model.score(points) * len(points)),
        free_parameter_count,
    )


def fit_dbscan(points: np.ndarray, eps: float, min_samples: int) -> NearestNeighbour:
    """Fit DBSCAN (Ester et al. 1996); anybody within eps of a core point joins it.

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
    eps : float
        Radius of a neighbourhood, above 0.
    min_samples : int
        Points within it, itself included, that make a point a core point.

    Returns
    -------
    NearestNeighbour
    """
    model = DBSCAN(eps=eps, min_samples=min_samples).fit(points)
    core = model.core_sample_indices_
    return NearestNeighbour(
        points[core], model.labels_[core].astype(np.int64), np.full(len(core), eps)
    )


def fit_hdbscan(points: np.ndarray, min_cluster_size: int) -> NearestNeighbour:
    """Fit HDBSCAN (Campello, Moulavi and Sander 2013).

    Anybody joins the nearest clustered point, unless it is further away than any member
    of that cluster is from its nearest fellow.

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
    min_cluster_size : int
        Points that make a cluster, 2 or more.

    Returns
    -------
    NearestNeighbour
    """
    model = HDBSCAN(min_cluster_size=min_cluster_size, copy=True).fit(points)
    clustered = model.labels_ >= 0
    members, labels = points[clustered], model.labels_[clustered].astype(np.int64)
    reach = np.zeros(len(members))
    for label in np.unique(labels):
        own = labels == label
        distances, _ = NearestNeighbors(n_neighbors=1).fit(members[own]).kneighbors()
        reach[own] = distances[:, 0].max()
    return NearestNeighbour(members, labels, reach)


def neighbour_distance_knee(points: np.ndarray, min_samples: int) -> float:
    """Return the radius where the sorted k-distances start to climb (DBSCAN's eps).

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
        Two or more.
    min_samples : int
        Which neighbour's distance is looked at, the point itself counted; the furthest
        where there are fewer points.

    Returns
    -------
    float
        In the unit of the points, 0 or more.
    """
    n_neighbors = min(max(min_samples - 1, 1), len(points) - 1)
    distances, _ = NearestNeighbors(n_neighbors=n_neighbors).fit(points).kneighbors()
    curve = np.sort(distances[:, -1])
    return float(curve[knee_index(curve)])


def knee_index(curve: np.ndarray) -> int:
    """Find where a convex rising curve bends most.

    Parameters
    ----------
    curve : float array of shape (n,)
        Not falling, n > 0.

    Returns
    -------
    int
        Position furthest below the straight line from the first to the last value; 0
        for a flat curve. Kneedle without smoothing (Satopaa, Albrecht, Irwin and
        Raghavan 2011).
    """
    height = curve[-1] - curve[0]
    if height <= 0:
        return 0
    return int(np.argmax(np.linspace(0, 1, len(curve)) - (curve - curve[0]) / height))
