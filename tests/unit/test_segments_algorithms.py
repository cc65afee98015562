import warnings

import numpy as np
import pytest
from planted_points import CENTRES, planted_blobs
from scipy.stats import multivariate_normal
from sklearn.cluster import DBSCAN, HDBSCAN, AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from customer_analytics.segments.algorithms import (
    LEAST_VARIANCE,
    NearestCentre,
    NearestNeighbour,
    cut_ward,
    fit_dbscan,
    fit_hdbscan,
    fit_kmeans,
    fit_mixture,
    knee_index,
    neighbour_distance_knee,
    ward_tree,
)

FITS = {
    "kmeans": lambda points: fit_kmeans(points, 3, seed=1),
    "ward": lambda points: cut_ward(points, ward_tree(points), 3),
    "gaussian_mixture": lambda points: fit_mixture(points, CENTRES + 1, seed=1),
    "dbscan": lambda points: fit_dbscan(points, eps=2, min_samples=5),
    "hdbscan": lambda points: fit_hdbscan(points, min_cluster_size=20),
}


@pytest.fixture(autouse=True)
def one_thread():
    """Spare threads that, on so few points, would only wait for each other."""
    with threadpool_limits(limits=1):
        yield


def column(*values):
    """Return points with a single feature."""
    return np.array(values, dtype=float)[:, None]


@pytest.mark.parametrize("algorithm", FITS)
def test_planted_groups_are_found(algorithm):
    points, truth = planted_blobs()
    labels, _ = FITS[algorithm](points).assign(points)
    assert labels.dtype == np.int64
    assert adjusted_rand_score(truth, labels) == 1


@pytest.mark.parametrize("algorithm", FITS)
def test_order_of_points_changes_no_group(algorithm):
    points, _ = planted_blobs()
    order = np.random.default_rng(2).permutation(len(points))
    labels, _ = FITS[algorithm](points).assign(points)
    shuffled, _ = FITS[algorithm](points[order]).assign(points)
    assert adjusted_rand_score(labels, shuffled) == 1


@pytest.mark.parametrize("algorithm", FITS)
def test_label_of_a_customer_does_not_depend_on_the_others(algorithm):
    points, _ = planted_blobs()
    solution = FITS[algorithm](points)
    together, _ = solution.assign(points)
    alone = [solution.assign(point[None])[0][0] for point in points[:9]]
    assert alone == together[:9].tolist()


# Centres


def test_everybody_belongs_to_the_nearest_centre():
    rng = np.random.default_rng(0)
    points, centres = rng.normal(size=(500, 4)), rng.normal(size=(7, 4))
    distances = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
    labels, probabilities = NearestCentre(centres).assign(points)
    assert labels.tolist() == distances.argmin(axis=1).tolist()
    assert probabilities is None


def test_kmeans_centres_are_the_means():
    points = column(0, 1, 10, 11, 12)
    assert fit_kmeans(points, 1, seed=0).centres == pytest.approx(column(6.8))
    centres = fit_kmeans(points, 2, seed=0).centres
    assert np.sort(centres, axis=0) == pytest.approx(column(0.5, 11))


def test_kmeans_of_fewer_distinct_points_than_clusters_is_silent():
    points = column(1, 1, 1, 4, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labels, _ = fit_kmeans(points, 3, seed=0).assign(points)
    assert adjusted_rand_score([0, 0, 0, 1, 1], labels) == 1


def test_kmeans_refuses_more_clusters_than_points():
    with pytest.raises(ValueError, match="n_samples=2 should be >= n_clusters=3"):
        fit_kmeans(column(1, 2), 3, seed=0)


def test_ward_merges_by_the_rise_of_variance():
    # 5 lies 4.5 from the mean of 0 and 1; Ward's distance is 4.5 * sqrt(2 * 2 * 1 / 3).
    tree = ward_tree(column(0, 1, 5))
    assert tree[:, :2].tolist() == [[0, 1], [2, 3]]
    assert tree[:, 2] == pytest.approx([1, 5.196152])
    assert tree[:, 3].tolist() == [2, 3]


@pytest.mark.parametrize("k", [2, 3])
def test_ward_is_that_of_scikit_learn(k):
    points, _ = planted_blobs(seed=4)
    expected = AgglomerativeClustering(n_clusters=k, linkage="ward").fit(points).labels_
    labels, _ = cut_ward(points, ward_tree(points), k).assign(points)
    assert adjusted_rand_score(expected, labels) == 1


def test_ward_centres_are_the_means():
    points = column(0, 2, 10, 11, 12)
    centres = cut_ward(points, ward_tree(points), 2).centres
    assert np.sort(centres, axis=0).tolist() == [[1], [11]]


def test_ward_of_equal_points_is_one_cluster():
    points = np.ones((6, 2))
    assert cut_ward(points, ward_tree(points), 3).centres.tolist() == [[1, 1]]


# Mixtures


@pytest.mark.parametrize(
    # Weights but one, means, and the upper half of each covariance.
    ("k", "d", "expected"),
    [(1, 1, 0 + 1 + 1), (2, 1, 1 + 2 + 2), (3, 2, 2 + 6 + 9), (2, 4, 1 + 8 + 20)],
)
def test_free_parameters_are_counted(k, d, expected):
    points = np.random.default_rng(0).normal(size=(60, d))
    assert fit_mixture(points, points[:k], seed=0).free_parameter_count == expected


def test_log_likelihood_of_one_component_is_that_of_a_normal():
    points, _ = planted_blobs()
    covariance = np.cov(points.T, bias=True) + LEAST_VARIANCE * np.eye(2)
    normal = multivariate_normal(points.mean(axis=0), covariance)
    mixture = fit_mixture(points, points[:1], seed=0)
    assert mixture.log_likelihood == pytest.approx(normal.logpdf(points).sum())


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_likelihood_and_parameters_give_the_bic_of_scikit_learn(k):
    points, _ = planted_blobs()
    fitted = fit_mixture(points, fit_kmeans(points, k, seed=0).centres, seed=0)
    summed = fitted.model.score_samples(points).sum()
    assert fitted.log_likelihood == pytest.approx(summed)
    penalty = fitted.free_parameter_count * np.log(len(points))
    bic = penalty - 2 * fitted.log_likelihood
    assert bic == pytest.approx(fitted.model.bic(points))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_membership_probability_is_that_of_the_likeliest_component(k):
    points = np.random.default_rng(5).normal(size=(200, 2))
    fitted = fit_mixture(points, points[:k], seed=0)
    labels, probabilities = fitted.assign(points)
    posterior = fitted.model.predict_proba(points)
    assert probabilities.tolist() == posterior[np.arange(200), labels].tolist()
    assert probabilities.min() >= 1 / k - 1e-12
    assert probabilities.max() <= 1 + 1e-12


def test_halfway_between_two_equal_components_nothing_is_sure():
    points = column(-11, -10, -9, 9, 10, 11)
    mixture = fit_mixture(points, column(-10, 10), seed=0)
    _, probabilities = mixture.assign(column(0, 10))
    assert probabilities == pytest.approx([0.5, 1])


def test_group_of_equal_customers_is_not_infinitely_likely():
    points = column(*[0] * 10, *[5] * 10)
    mixture = fit_mixture(points, column(0, 5), seed=0)
    assert mixture.model.covariances_.ravel() == pytest.approx([LEAST_VARIANCE] * 2)
    assert np.isfinite(mixture.log_likelihood)


# Densities


def test_dbscan_keeps_the_labels_of_scikit_learn():
    # A tenth of the points lies anywhere, so that there is noise.
    points, _ = planted_blobs()
    points[::10] = np.random.default_rng(1).uniform(-5, 17, size=(12, 2))
    expected = DBSCAN(eps=0.8, min_samples=5).fit(points).labels_
    labels, _ = fit_dbscan(points, eps=0.8, min_samples=5).assign(points)
    assert labels.tolist() == expected.tolist()
    assert set(labels) == {-1, 0, 1, 2}


def test_hdbscan_keeps_the_labels_of_clustered_points():
    points, _ = planted_blobs()
    points[::10] = np.random.default_rng(1).uniform(-5, 17, size=(12, 2))
    expected = HDBSCAN(min_cluster_size=20, copy=True).fit(points).labels_
    labels, _ = fit_hdbscan(points, min_cluster_size=20).assign(points)
    clustered = expected >= 0
    assert labels[clustered].tolist() == expected[clustered].tolist()
    assert set(expected) == set(labels) == {-1, 0, 1, 2}


@pytest.mark.parametrize("algorithm", ["dbscan", "hdbscan"])
def test_a_far_away_customer_is_noise(algorithm):
    solution = FITS[algorithm](planted_blobs()[0])
    labels, probabilities = solution.assign(np.array([[500.0, 500.0], [0.0, 0.0]]))
    assert (labels == -1).tolist() == [True, False]
    assert probabilities is None


@pytest.mark.parametrize(
    "solution",
    [
        fit_dbscan(column(0, 10, 20), eps=1, min_samples=2),
        fit_hdbscan(column(*range(10)), min_cluster_size=6),
        fit_hdbscan(np.ones((10, 1)), min_cluster_size=3),
        NearestNeighbour(np.zeros((0, 1)), np.zeros(0, int), np.zeros(0)),
    ],
)
def test_without_any_cluster_everybody_is_noise(solution):
    assert solution.assign(column(0, 1, 10, 99))[0].tolist() == [-1] * 4


@pytest.mark.parametrize(("customer", "label"), [(1.9, 0), (2, 0), (2.5, -1)])
def test_dbscan_takes_in_who_is_within_eps_of_a_core_point(customer, label):
    # Of 0, 1, 2 only 1 has three points within 1, itself counted.
    solution = fit_dbscan(column(0, 1, 2), eps=1, min_samples=3)
    assert solution.points.tolist() == [[1]]
    assert solution.assign(column(customer))[0].tolist() == [label]


def test_hdbscan_takes_in_who_is_no_further_than_its_members_are_from_each_other():
    # The last of the sparse ones is 1.5 from its nearest fellow, the others are 1.
    dense, sparse = np.arange(10) / 8, np.array([*range(9), 9.5])
    solution = fit_hdbscan(column(*dense, *(sparse + 100)), min_cluster_size=4)
    in_dense, in_sparse = solution.assign(column(0, 100))[0]
    assert {in_dense, in_sparse} == {0, 1}
    labels, _ = solution.assign(column(-0.12, -0.5, 98.6, 98.4))
    assert labels.tolist() == [in_dense, -1, in_sparse, -1]


def test_two_customers_make_a_cluster():
    points = column(0, 0.1, 10, 10.1, 20, 20.3)
    labels, _ = fit_hdbscan(points, min_cluster_size=2).assign(points)
    assert adjusted_rand_score([0, 0, 1, 1, 2, 2], labels) == 1


# Knees


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ([3], 0),
        ([3, 3, 3], 0),
        ([0, 0, 0, 0, 5], 3),
        # Below the line from first to last by 0.14, 0.28, 0.42 and 0.21 of the height.
        ([0, 1, 2, 3, 10, 17], 3),
        ([0, 1, 2, 3, 4], 0),
        # A slope that gets flatter has no knee.
        ([0, 4, 5, 5, 5], 0),
    ],
)
def test_knee_is_where_a_curve_bends_most(curve, expected):
    assert knee_index(np.array(curve, dtype=float)) == expected


def test_knee_does_not_depend_on_the_unit():
    curve = np.sort(np.random.default_rng(0).lognormal(size=100))
    assert knee_index(curve) == knee_index(1000 * curve - 7) > 0


@pytest.mark.parametrize(
    ("points", "min_samples", "expected"),
    [
        # Nearest neighbours at 1, 1, 1, 1 and 97.
        ((0, 1, 2, 3, 100), 2, 1),
        # The second nearest at 1, 1, 2, 2 and 98.
        ((0, 1, 2, 3, 100), 3, 2),
        # There is no tenth point: the furthest at 2, 3 and 3.
        ((0, 1, 3), 10, 2),
        ((4, 4, 4), 2, 0),
        ((0, 3), 1, 3),
    ],
)
def test_radius_is_the_knee_of_the_neighbour_distances(points, min_samples, expected):
    assert neighbour_distance_knee(column(*points), min_samples) == expected


def test_radius_scales_with_the_points():
    points, _ = planted_blobs()
    radius = neighbour_distance_knee(points, 5)
    assert 0 < radius < 2
    assert neighbour_distance_knee(4 * points, 5) == pytest.approx(4 * radius)
