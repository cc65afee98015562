import numpy as np
import pytest
from planted_points import planted_blobs, sample_rows
from sklearn.metrics import adjusted_rand_score

from customer_analytics.segments.candidates import Grid, Limits
from customer_analytics.segments.labels import (
    candidate_labels,
    chosen_solutions,
    samples_by_feature_set,
)

GRID = Grid(cluster_counts=[2, 3], eps_factors=[3], min_cluster_shares=[0.2])
SETTINGS = {
    # Of which none has to be left out.
    "limits": Limits(min_count=1, min_share=0.0, max_noise_share=1.0),
    "bootstrap_count": 2,
    "bootstrap_size": 100,
    "evaluation_size": 20,
    "seed": 3,
}


@pytest.fixture(scope="module")
def labelled():
    """Return a sample of two feature sets with its candidates and their labels."""
    points, _ = planted_blobs()
    narrow = np.random.default_rng(1).normal(size=(60, 1))
    sample = sample_rows(
        {"wide": points, "narrow": narrow},
        earlier=[("wide", 1, range(0, 120, 2)), ("wide", 2, range(30))],
    )
    return sample, *candidate_labels(sample, GRID, **SETTINGS)


def fitted(labels, number):
    """Return the labels that a solution gave as fitted, by sample number."""
    own = (labels["solution_number"] == number) & (labels["run"] == "fit")
    return labels["label"][own][labels["sample_number"][own].argsort()].tolist()


# Samples


def test_samples_are_split_by_feature_set_and_snapshot():
    sample = sample_rows(
        {"b": [[1, 2], [3, 4], [5, 6]], "a": [[7], [8]]},
        earlier=[("b", 1, [0, 2]), ("b", 3, [1])],
    )
    first, second = samples_by_feature_set(sample)
    assert (first.name, first.points.tolist(), first.earlier) == ("a", [[7], [8]], {})
    assert (second.name, second.points.tolist()) == ("b", [[1, 2], [3, 4], [5, 6]])
    assert {
        number: (positions.tolist(), points.tolist())
        for number, (positions, points) in second.earlier.items()
    } == {1: ([0, 2], [[1, 2], [5, 6]]), 3: ([1], [[3, 4]])}


def test_sets_may_be_mixed_in_the_sample():
    sample = sample_rows({"b": [[1, 2], [3, 4]], "a": [[7], [8]]})
    mixed = {name: values[[0, 2, 1, 3]] for name, values in sample.items()}
    found = {s.name: s.points.tolist() for s in samples_by_feature_set(mixed)}
    assert found == {"a": [[7], [8]], "b": [[1, 2], [3, 4]]}


def test_empty_sample_has_no_set():
    assert samples_by_feature_set(sample_rows({})) == []


# Candidates and their labels


def test_every_candidate_is_described(labelled):
    _, candidates, _ = labelled
    rows = list(
        zip(*(column.tolist() for column in list(candidates.values())[:4]), strict=True)
    )
    names = ["kmeans", "kmeans", "ward", "ward", "gaussian_mixture", "gaussian_mixture"]
    assert [row[0] for row in rows] == list(range(16))
    assert [row[1] for row in rows] == ["narrow"] * 8 + ["wide"] * 8
    assert [row[2] for row in rows] == [*names, "dbscan", "hdbscan"] * 2
    assert [row[3] for row in rows[:2]] == ["k=2", "k=3"]
    assert candidates["parameter_value"][[0, 1, 7]].tolist() == [2, 3, 0.2]


def test_only_mixtures_have_a_likelihood(labelled):
    _, candidates, _ = labelled
    is_mixture = candidates["algorithm"] == "gaussian_mixture"
    for name in ("log_likelihood", "free_parameter_count"):
        assert np.isfinite(candidates[name]).tolist() == is_mixture.tolist()
    # (k - 1) + k * d + k * d * (d + 1) / 2 with d = 1, then d = 2.
    counts = candidates["free_parameter_count"][is_mixture]
    assert counts.tolist() == [5, 8, 11, 17]


@pytest.mark.parametrize(
    # Customers of each set, 2 resamples with 20 evaluated, customers known earlier. In
    # the narrow cloud densities find no two clusters.
    ("run", "narrow", "wide"),
    [
        ("fit", [60] * 8, 120),
        ("bootstrap", [2 * 20] * 6 + [0] * 2, 2 * 20),
        ("snapshot", [0] * 8, 60 + 30),
    ],
)
def test_every_run_labels_its_customers(labelled, run, narrow, wide):
    _, _, labels = labelled
    numbers = labels["solution_number"][labels["run"] == run]
    counts = np.bincount(numbers, minlength=16).tolist()
    assert counts == narrow + [wide] * 8


def test_columns_of_labels_are_equally_long(labelled):
    _, candidates, labels = labelled
    assert list(labels) == [
        "solution_number",
        "run",
        "run_number",
        "sample_number",
        "label",
    ]
    assert {len(column) for column in labels.values()} == {8 * 60 + 6 * 40 + 8 * 250}
    assert {len(column) for column in candidates.values()} == {16}


def test_earlier_customers_are_those_known_then(labelled):
    _, _, labels = labelled
    earlier = (labels["run"] == "snapshot") & (labels["solution_number"] == 8)
    for number, expected in [(1, range(1, 120, 2)), (2, range(1, 31))]:
        own = earlier & (labels["run_number"] == number)
        assert labels["sample_number"][own].tolist() == list(expected)


def test_planted_groups_are_found_by_each_algorithm(labelled):
    _, candidates, labels = labelled
    _, truth = planted_blobs()
    of_two = candidates["parameter"] == "k=2"
    wide = np.flatnonzero((candidates["feature_set"] == "wide") & ~of_two)
    found = [adjusted_rand_score(truth, fitted(labels, number)) for number in wide]
    assert found == [1] * 5


def test_progress_is_reported(labelled):
    sample, _, _ = labelled
    told = []
    candidate_labels(sample, GRID, **SETTINGS, report=told.append)
    assert told == [
        "clustering 60 customers by narrow: 8 candidates, the better ones with 2 "
        "resamples",
        "clustering 120 customers by wide: 8 candidates, the better ones with 2 "
        "resamples",
    ]


def test_empty_sample_has_empty_tables_of_the_same_columns(labelled):
    _, *full = labelled
    empty = candidate_labels(sample_rows({}), GRID, **SETTINGS)
    for without_rows, with_rows in zip(empty, full, strict=True):
        assert [(name, c.dtype, len(c)) for name, c in without_rows.items()] == [
            (name, column.dtype, 0) for name, column in with_rows.items()
        ]


# Chosen solutions


def test_chosen_solutions_give_the_labels_they_were_judged_by(labelled):
    sample, candidates, labels = labelled
    points = {s.name: s.points for s in samples_by_feature_set(sample)}
    # One parameter of each algorithm of a set, not of all sets, in any order.
    for chosen in ([1, 3, 5, 6, 7], [8, 10, 12], [9, 0, 4, 15]):
        choices = {name: column[chosen] for name, column in candidates.items()}
        solutions = chosen_solutions(sample, candidates, choices, seed=SETTINGS["seed"])
        assert len(solutions) == len(chosen)
        for number in chosen:
            name = candidates["feature_set"][number]
            solution = solutions[name, candidates["algorithm"][number]]
            assert solution.assign(points[name])[0].tolist() == fitted(labels, number)


def test_earlier_rows_change_no_chosen_solution(labelled):
    sample, candidates, labels = labelled
    now = {k: v[sample["snapshot_number"] == 0] for k, v in sample.items()}
    choices = {name: column[[9]] for name, column in candidates.items()}
    solutions = chosen_solutions(now, candidates, choices, seed=SETTINGS["seed"])
    solution = solutions["wide", "kmeans"]
    points, _ = planted_blobs()
    assert solution.assign(points)[0].tolist() == fitted(labels, 9)


def test_no_choice_is_no_solution(labelled):
    sample, candidates, _ = labelled
    none = {name: column[:0] for name, column in candidates.items()}
    assert chosen_solutions(sample, candidates, none, seed=3) == {}
