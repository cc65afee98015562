"""Fit every candidate solution, and label a sample with it again and again."""

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from customer_analytics.segments.algorithms import (
    Solution,
    cut_ward,
    fit_dbscan,
    fit_hdbscan,
    fit_kmeans,
    fit_mixture,
    neighbour_distance_knee,
    ward_tree,
)

FIT, BOOTSTRAP, SNAPSHOT = "fit", "bootstrap", "snapshot"


@dataclass(frozen=True)
class Candidate:
    """An algorithm with its parameter.

    Attributes
    ----------
    algorithm : str
        kmeans, ward, gaussian_mixture, dbscan or hdbscan.
    parameter : str
        Name and value as text, such as ``k=4``.
    value : float
        Number of clusters, radius, or least share of the customers in a cluster.
    """

    algorithm: str
    parameter: str
    value: float


@dataclass(frozen=True)
class Grid:
    """What is tried.

    Attributes
    ----------
    cluster_counts : sequence of int
        k of k-means, Ward and mixtures.
    eps_factors : sequence of float
        Multiples of the knee of the k-distances, for DBSCAN.
    min_cluster_shares : sequence of float
        Least shares of the sample in a cluster, 0..1, for HDBSCAN.
    """

    cluster_counts: Sequence[int]
    eps_factors: Sequence[float]
    min_cluster_shares: Sequence[float]


@dataclass(frozen=True)
class Limits:
    """What a solution needs to be chosen, as far as its labels tell.

    Attributes
    ----------
    min_count : int
        Least number of clusters.
    min_share : float
        Least share of the sample in the smallest cluster, 0..1.
    max_noise_share : float
        Largest share of the sample in no cluster, 0..1.
    """

    min_count: int
    min_share: float
    max_noise_share: float


def candidates_for(points: np.ndarray, grid: Grid) -> list[Candidate]:
    """List what is tried on a sample.

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
    grid : Grid

    Returns
    -------
    list of Candidate
        Without cluster counts that the distinct points do not allow.
    """
    distinct = len(np.unique(points, axis=0))
    knee = neighbour_distance_knee(points, _min_samples(points))
    counts = [k for k in grid.cluster_counts if k <= distinct]
    found = [
        Candidate(algorithm, f"k={k}", float(k))
        for algorithm in ("kmeans", "ward", "gaussian_mixture")
        for k in counts
    ]
    radii = sorted({round(knee * factor, 4) for factor in grid.eps_factors} - {0})
    found += [Candidate("dbscan", f"eps={radius:g}", radius) for radius in radii]
    found += [
        Candidate("hdbscan", f"min_cluster_share={share:g}", share)
        for share in grid.min_cluster_shares
    ]
    return found


def fit_candidates(
    points: np.ndarray, candidates: Sequence[Candidate], seed: int
) -> list[Solution]:
    """Fit candidates on the same points.

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
    candidates : sequence of Candidate
    seed : int

    Returns
    -------
    list of Solution
        In the order of the candidates. The same points and seed give the same
        solutions on any number of cores.
    """
    # Sums over threads come out in any order, and with them the last digits.
    with threadpool_limits(limits=1):
        fit = _Fit(points, seed)
        return [fit.solution(candidate) for candidate in candidates]


def contenders(
    candidates: Sequence[Candidate],
    labels: Sequence[np.ndarray],
    limits: Limits,
    evaluated_count: int,
) -> list[int]:
    """Find the candidates that may be the best of their algorithm.

    Parameters
    ----------
    candidates : sequence of Candidate
    labels : sequence of int arrays of shape (n_points,)
        Of the sample, by candidate; -1 for noise.
    limits : Limits
    evaluated_count : int
        How many of the first points silhouettes look at.

    Returns
    -------
    list of int
        Positions. The others have no two clusters to compare, or lose to one of their
        algorithm that fails less, however stable they are (macro cluster_preference).
    """
    failures = [_failures(own, limits, evaluated_count) for own in labels]
    least = {
        algorithm: min(
            own
            for candidate, own in zip(candidates, failures, strict=True)
            if candidate.algorithm == algorithm
        )
        for algorithm in {candidate.algorithm for candidate in candidates}
    }
    return [
        index
        for index, candidate in enumerate(candidates)
        if failures[index] == least[candidate.algorithm]
        and not failures[index].is_no_partition
    ]


class _Failures(NamedTuple):
    """What a solution fails, the worst first."""

    is_no_partition: bool
    is_noisy: bool
    is_small: bool
    is_few: bool


def _failures(labels: np.ndarray, limits: Limits, evaluated_count: int) -> _Failures:
    sizes = np.unique(labels[labels >= 0], return_counts=True)[1]
    evaluated = labels[:evaluated_count]
    is_no_partition = len(np.unique(evaluated[evaluated >= 0])) < 2
    return _Failures(
        is_no_partition,
        (labels < 0).sum() / len(labels) > limits.max_noise_share,
        not len(sizes) or sizes.min() / len(labels) < limits.min_share,
        is_no_partition or len(sizes) < limits.min_count,
    )


def label_runs(
    points: np.ndarray,
    candidates: Sequence[Candidate],
    solutions: Sequence[Solution],
    later: Mapping[int, tuple[np.ndarray, np.ndarray]],
    limits: Limits,
    *,
    bootstrap_count: int,
    bootstrap_size: int,
    evaluated_count: int,
    seed: int,
) -> Iterator[tuple[int, str, int, np.ndarray, np.ndarray]]:
    """Label a sample with every candidate: as fitted, refitted, and at other dates.

    Parameters
    ----------
    points : float array of shape (n_points, n_features)
        The sample the candidates are fitted on.
    candidates : sequence of Candidate
    solutions : sequence of Solution
        What they came to on these points, from `fit_candidates`.
    later : mapping of int to (int array, float array)
        By snapshot number: positions in ``points`` of the customers known at that
        date, and their points then.
    limits : Limits
    bootstrap_count : int
        How often each of the `contenders` is refitted on a resample with replacement
        (Efron 1979); the labels its refits give the same points tell how stable it is
        (Hennig 2007).
    bootstrap_size : int
        Points in a resample at most.
    evaluated_count : int
        How many of the first points the refits label.
    seed : int

    Yields
    ------
    tuple
        Position of the candidate; 'fit', 'bootstrap' or 'snapshot'; number of the
        resample or snapshot, 0 for the fit; positions in ``points`` and their labels
        (int arrays of equal shape).
    """
    with threadpool_limits(limits=1):
        everyone = np.arange(len(points))
        fitted = [solution.assign(points)[0] for solution in solutions]
        for index, solution in enumerate(solutions):
            yield index, FIT, 0, everyone, fitted[index]
            for number, (positions, moved) in later.items():
                yield index, SNAPSHOT, number, positions, solution.assign(moved)[0]
        refitted = contenders(candidates, fitted, limits, evaluated_count)
        evaluated = everyone[:evaluated_count]

        def refit(number: int) -> list[Solution]:
            rng = np.random.default_rng([seed, number])
            drawn = rng.integers(len(points), size=min(len(points), bootstrap_size))
            own = [candidates[index] for index in refitted]
            return fit_candidates(points[drawn], own, seed + number)

        numbers = range(1, bootstrap_count + 1)
        # Threads share the filters of warnings. A refit restores those it found, which
        # may be another refit's: so they are set before all, and restored after all.
        with warnings.catch_warnings(), ThreadPoolExecutor(os.cpu_count()) as pool:
            warnings.simplefilter("ignore", ConvergenceWarning)
            for number, refits in zip(numbers, pool.map(refit, numbers), strict=True):
                for index, solution in zip(refitted, refits, strict=True):
                    labels = solution.assign(points[evaluated])[0]
                    yield index, BOOTSTRAP, number, evaluated, labels


class _Fit:
    """Fits on the same points, sharing what several candidates start from."""

    def __init__(self, points: np.ndarray, seed: int) -> None:
        self._points, self._seed = points, seed
        self._tree: np.ndarray | None = None
        self._kmeans: dict[int, Solution] = {}

    def solution(self, candidate: Candidate) -> Solution:
        points, value = self._points, candidate.value
        if candidate.algorithm == "kmeans":
            return self._kmeans_of(int(value))
        if candidate.algorithm == "ward":
            if self._tree is None:
                self._tree = ward_tree(points)
            return cut_ward(points, self._tree, int(value))
        if candidate.algorithm == "gaussian_mixture":
            return fit_mixture(points, self._kmeans_of(int(value)).centres, self._seed)
        if candidate.algorithm == "dbscan":
            return fit_dbscan(points, value, _min_samples(points))
        if candidate.algorithm == "hdbscan":
            return fit_hdbscan(points, max(2, round(value * len(points))))
        raise ValueError(f"no such algorithm: {candidate.algorithm!r}")

    def _kmeans_of(self, k: int):
        if k not in self._kmeans:
            self._kmeans[k] = fit_kmeans(self._points, k, self._seed)
        return self._kmeans[k]


def _min_samples(points: np.ndarray) -> int:
    # Twice the dimensions (Sander, Ester, Kriegel and Xu 1998).
    return max(5, 2 * points.shape[1])
