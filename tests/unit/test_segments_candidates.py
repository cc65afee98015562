import warnings

import numpy as np
import pytest
from planted_points import planted_blobs
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from customer_analytics.segments.algorithms import neighbour_distance_knee
from customer_analytics.segments.candidates import (
    Candidate,
    Grid,
    Limits,
    candidates_for,
    contenders,
    fit_candidates,
    label_runs,
)

CANDIDATES = [
    Candidate("kmeans", "k=3", 3),
    Candidate("ward", "k=3", 3),
    Candidate("gaussian_mixture", "k=3", 3),
    Candidate("dbscan", "eps=2", 2.0),
    Candidate("hdbscan", "min_cluster_share=0.2", 0.2),
]
NO_LIMITS = Limits(min_count=1, min_share=0.0, max_noise_share=1.0)
NAMES = [candidate.algorithm for candidate in CANDIDATES]


def runs(points, candidates=CANDIDATES, later=None, **changes):
    """Return (candidate, run, number, positions, labels) of all runs as lists."""
    settings = {
        "limits": NO_LIMITS,
        "bootstrap_count": 3,
        "bootstrap_size": 100,
        "evaluated_count": 50,
        "seed": 7,
    } | changes
    solutions = fit_candidates(points, candidates, settings["seed"])
    return [
        (index, run, number, positions.tolist(), labels.tolist())
        for index, run, number, positions, labels in label_runs(
            points, candidates, solutions, later or {}, **settings
        )
    ]


# What is tried


def test_every_algorithm_is_tried_with_every_parameter():
    points, _ = planted_blobs()
    found = candidates_for(points, Grid([2, 3], [0.5, 1], [0.1]))
    assert [c.algorithm for c in found] == [
        *["kmeans"] * 2,
        *["ward"] * 2,
        *["gaussian_mixture"] * 2,
        *["dbscan"] * 2,
        "hdbscan",
    ]
    assert [(c.parameter, c.value) for c in found[:2]] == [("k=2", 2), ("k=3", 3)]
    assert (found[-1].parameter, found[-1].value) == ("min_cluster_share=0.1", 0.1)


def test_radii_are_multiples_of_the_knee():
    points, _ = planted_blobs()
    knee = neighbour_distance_knee(points, min_samples=5)
    found = candidates_for(points, Grid([], [2, 0.5], []))
    assert [c.value for c in found] == [round(knee / 2, 4), round(knee * 2, 4)]
    assert [c.parameter for c in found] == [f"eps={c.value:g}" for c in found]


@pytest.mark.parametrize(("distinct", "expected"), [(1, []), (2, [2]), (4, [2, 3, 4])])
def test_more_clusters_than_distinct_points_are_left_out(distinct, expected):
    points = np.arange(40.0)[:, None] % distinct
    found = candidates_for(points, Grid([2, 3, 4, 5], [], []))
    assert [c.value for c in found if c.algorithm == "ward"] == expected
    assert len(found) == 3 * len(expected)


def test_equal_points_have_no_radius():
    found = candidates_for(np.ones((20, 2)), Grid([2], [0.5, 1], [0.1]))
    assert [c.algorithm for c in found] == ["hdbscan"]


def test_more_features_than_half_the_customers_are_no_obstacle():
    # DBSCAN looks at twice as many neighbours as there are features.
    points = np.random.default_rng(0).normal(size=(50, 30))
    found = candidates_for(points, Grid([2], [1.0], [0.02]))
    labels = [s.assign(points)[0] for s in fit_candidates(points, found, seed=0)]
    assert [c.algorithm for c in found] == NAMES
    assert all(len(of_one) == 50 for of_one in labels)


# Fits


def test_every_candidate_finds_the_planted_groups():
    points, truth = planted_blobs()
    solutions = fit_candidates(points, CANDIDATES, seed=1)
    found = [adjusted_rand_score(truth, s.assign(points)[0]) for s in solutions]
    assert found == [1] * len(CANDIDATES)


def test_order_of_points_changes_no_group():
    points, _ = planted_blobs()
    order = np.random.default_rng(2).permutation(len(points))
    pairs = zip(
        fit_candidates(points, CANDIDATES, seed=1),
        fit_candidates(points[order], CANDIDATES, seed=1),
        strict=True,
    )
    scores = [
        adjusted_rand_score(one.assign(points)[0], other.assign(points)[0])
        for one, other in pairs
    ]
    assert scores == [1] * len(CANDIDATES)


@pytest.mark.parametrize("candidate", CANDIDATES, ids=NAMES)
def test_a_candidate_is_fitted_alone_as_with_others(candidate):
    # A cloud without groups, where any difference would show.
    points = np.random.default_rng(0).normal(size=(150, 3))
    others = [Candidate("kmeans", "k=5", 5), *CANDIDATES]
    together = fit_candidates(points, others, seed=1)[others.index(candidate)]
    (alone,) = fit_candidates(points, [candidate], seed=1)
    assert alone.assign(points)[0].tolist() == together.assign(points)[0].tolist()


def test_least_cluster_is_a_share_of_the_points():
    points = np.concatenate([np.arange(n) / 100 + 50 * n for n in (12, 11, 7)])
    candidate = Candidate("hdbscan", "min_cluster_share=0.3", 0.3)
    (solution,) = fit_candidates(points[:, None], [candidate], seed=0)
    labels = solution.assign(points[:, None])[0]
    assert (labels == -1).tolist() == [False] * 23 + [True] * 7


def test_equal_points_are_one_group_or_noise():
    points = np.full((30, 2), 2.5)
    solutions = fit_candidates(points, CANDIDATES, seed=0)
    labels = [set(solution.assign(points)[0].tolist()) for solution in solutions]
    assert labels == [{0}, {0}, {0}, {0}, {-1}]


def test_unknown_algorithm_is_refused():
    with pytest.raises(ValueError, match="no such algorithm: 'median'"):
        fit_candidates(np.ones((5, 1)), [Candidate("median", "k=2", 2)], seed=0)


# Contenders

# Of ten customers each.
THREE = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
TINY = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2]
TWO = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
NOISY = [0, 0, 0, 1, 1, 1, -1, -1, 2, 2]
ONE = [0] * 10
NONE = [-1] * 10
LIMITS = Limits(min_count=3, min_share=0.2, max_noise_share=0.1)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([TWO, THREE, TINY, THREE], [1, 3]),
        # The less serious failure: too few, then too small, then too noisy.
        ([TINY, TWO, NOISY], [1]),
        ([TINY, NOISY], [0]),
        ([NOISY, ONE, NONE], [0]),
        # Among those who are compared all are in one cluster, or none.
        ([[0] * 8 + [1, 2], TINY], [1]),
        ([[-1] * 8 + [1, 2], NOISY], [1]),
        ([NONE, ONE], []),
    ],
)
def test_contenders_fail_least(labels, expected):
    candidates = [Candidate("ward", f"k={i}", i) for i in range(len(labels))]
    arrays = [np.array(own) for own in labels]
    assert contenders(candidates, arrays, LIMITS, evaluated_count=8) == expected


def test_limits_themselves_are_kept():
    exact = [np.array(THREE), np.array([0, 0, 0, 1, 1, 1, -1, 2, 2, 2])]
    candidates = [Candidate("ward", "k=3", 3), Candidate("ward", "k=4", 4)]
    limits = Limits(min_count=3, min_share=0.3, max_noise_share=0.1)
    assert contenders(candidates, exact, limits, evaluated_count=10) == [0, 1]


def test_every_algorithm_has_a_contender():
    candidates = [Candidate("dbscan", "eps=1", 1), Candidate("kmeans", "k=3", 3)]
    labels = [np.array(NOISY), np.array(THREE)]
    assert contenders(candidates, labels, LIMITS, evaluated_count=10) == [0, 1]
    assert contenders([], [], LIMITS, evaluated_count=10) == []


# Runs


def test_only_contenders_are_refitted():
    points, _ = planted_blobs()
    candidates = [Candidate("kmeans", "k=2", 2), *CANDIDATES]
    found = runs(points, candidates, limits=LIMITS)
    refitted = [row for row in found if row[1] == "bootstrap"]
    assert {row[0] for row in refitted} == {1, 2, 3, 4, 5}
    alone = [row for row in runs(points, limits=LIMITS) if row[1] == "bootstrap"]
    assert [row[2:] for row in refitted] == [row[2:] for row in alone]


def test_every_candidate_is_fitted_refitted_and_dated():
    points, _ = planted_blobs()
    later = {1: (np.arange(30), points[:30]), 2: (np.arange(10, 20), points[10:20])}
    found = runs(points, later=later)
    assert sorted(row[:3] for row in found) == sorted(
        (index, run, number)
        for index in range(len(CANDIDATES))
        for run, numbers in [
            ("fit", [0]),
            ("snapshot", [1, 2]),
            ("bootstrap", [1, 2, 3]),
        ]
        for number in numbers
    )


def test_runs_label_who_they_are_about():
    points, _ = planted_blobs()
    later = {1: (np.array([3, 5, 8]), points[[3, 5, 8]])}
    found = runs(points, later=later)
    positions = {row[1]: row[3] for row in found}
    assert positions["fit"] == list(range(120))
    assert positions["snapshot"] == [3, 5, 8]
    assert positions["bootstrap"] == list(range(50))
    assert all(len(row[3]) == len(row[4]) for row in found)


def test_customer_who_moved_into_another_group_has_its_label_at_that_date():
    points, truth = planted_blobs()
    first, second = np.flatnonzero(truth == 0)[0], np.flatnonzero(truth == 1)[0]
    later = {1: (np.array([first]), points[[second]])}
    labels = {row[:2]: row[4] for row in runs(points, later=later, bootstrap_count=0)}
    for index in range(len(CANDIDATES)):
        fitted = labels[index, "fit"]
        assert labels[index, "snapshot"] == [fitted[second]]
        assert fitted[first] != fitted[second]


def test_refits_on_resamples_find_the_planted_groups():
    points, truth = planted_blobs()
    refits = [row for row in runs(points) if row[1] == "bootstrap"]
    scores = [(adjusted_rand_score(truth[:50], row[4]), row[0]) for row in refits]
    # Customers at the rim that are not in a resample may be noise to the densities.
    assert {score for score, index in scores if index < 3} == {1}
    assert min(scores)[0] > 0.9


def test_every_resample_is_another():
    points = np.random.default_rng(0).normal(size=(150, 3))
    refits = [row[4] for row in runs(points, CANDIDATES[:1]) if row[1] == "bootstrap"]
    assert adjusted_rand_score(refits[0], refits[1]) < 1
    assert adjusted_rand_score(refits[1], refits[2]) < 1


def test_resamples_may_be_few_points_and_none_at_all():
    points, _ = planted_blobs(size=6)
    assert len(runs(points, bootstrap_size=3, bootstrap_count=2)) == 3 * len(CANDIDATES)
    assert [row[1] for row in runs(points, bootstrap_count=0)] == ["fit"] * len(
        CANDIDATES
    )
    assert runs(points, candidates=[]) == []


def test_resamples_of_too_few_distinct_points_are_silent():
    # The filters of warnings are shared by all threads.
    points = np.repeat(np.arange(4.0), 5)[:, None]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        filters = list(warnings.filters)
        runs(points, CANDIDATES[:3], bootstrap_count=20, bootstrap_size=4)
        assert warnings.filters == filters
    assert caught == []


def test_same_seed_gives_the_same_labels():
    points = np.random.default_rng(0).normal(size=(150, 3))
    assert runs(points) == runs(points)
    assert runs(points) != runs(points, seed=8)


def test_number_of_cores_changes_no_label(monkeypatch):
    points = np.random.default_rng(0).normal(size=(150, 3))
    found = []
    for cores in (1, 2):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        with threadpool_limits(limits=cores):
            found.append(runs(points))
    assert found[0] == found[1]


def test_number_of_cores_changes_no_solution():
    points = np.random.default_rng(0).normal(size=(2000, 4))
    centres, likelihoods = [], []
    for cores in (1, 2):
        with threadpool_limits(limits=cores):
            kmeans, _, mixture = fit_candidates(points, CANDIDATES[:3], seed=1)
        centres.append(kmeans.centres.tolist())
        likelihoods.append(mixture.log_likelihood)
    assert centres[0] == centres[1]
    assert likelihoods[0] == likelihoods[1]
