"""Label customers with candidate solutions: a sample to judge them, then everyone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from customer_analytics.memory import Remember, anew
from customer_analytics.segments.algorithms import Solution
from customer_analytics.segments.candidates import (
    Candidate,
    Grid,
    Limits,
    candidates_for,
    fit_candidates,
    label_runs,
)

Columns = dict[str, np.ndarray]
CANDIDATE_COLUMNS = ("feature_set", "algorithm", "parameter", "parameter_value")


@dataclass(frozen=True)
class FeatureSetSample:
    """The sampled customers of one feature set.

    Attributes
    ----------
    name : str
    points : float array of shape (n_customers, n_features)
        As of now; solutions are fitted on them.
    earlier : mapping of int to (int array, float array)
        By snapshot number: positions in ``points`` of the customers known by then, and
        their points at that date.
    """

    name: str
    points: np.ndarray
    earlier: Mapping[int, tuple[np.ndarray, np.ndarray]]


def samples_by_feature_set(sample: Columns) -> list[FeatureSetSample]:
    """Split the rows of the sample table.

    Parameters
    ----------
    sample : dict of arrays of shape (n_rows,)
        ``feature_set`` (str), ``snapshot_number`` (0 = now), ``sample_number`` (1 to
        n_customers of the set, in order where the snapshot is 0) and ``vector``
        (arrays of equal length within a set).

    Returns
    -------
    list of FeatureSetSample
        In alphabetical order.
    """
    return [
        _one_sample(
            name, {k: v[sample["feature_set"] == name] for k, v in sample.items()}
        )
        for name in sorted(set(sample["feature_set"]))
    ]


def _one_sample(name: str, rows: Columns) -> FeatureSetSample:
    vectors = np.stack(rows["vector"]).astype(float)
    numbers = rows["snapshot_number"]
    return FeatureSetSample(
        name,
        vectors[numbers == 0],
        {
            int(number): (
                np.asarray(rows["sample_number"][numbers == number]) - 1,
                vectors[numbers == number],
            )
            for number in np.unique(numbers[numbers > 0])
        },
    )


def candidate_labels(
    sample: Columns,
    grid: Grid,
    limits: Limits,
    *,
    bootstrap_count: int,
    bootstrap_size: int,
    evaluation_size: int,
    seed: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda message: None,
) -> tuple[Columns, Columns]:
    """Label the sample with every candidate of every feature set.

    Parameters
    ----------
    sample : dict of arrays
        See `samples_by_feature_set`.
    grid : Grid
    limits : Limits
    bootstrap_count, bootstrap_size, evaluation_size, seed : int
        See `candidates.label_runs`.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Told what is being worked on.

    Returns
    -------
    candidates : dict of arrays of shape (n_candidates,)
        ``solution_number`` (from 0), ``feature_set``, ``algorithm``, ``parameter``,
        ``parameter_value``; ``log_likelihood`` and ``free_parameter_count`` of
        mixtures, NaN for others.
    labels : dict of arrays of shape (n_labels,)
        ``solution_number``, ``run`` ('fit', 'bootstrap', 'snapshot'), ``run_number``,
        ``sample_number`` and ``label`` (-1 = noise).
    """
    candidates: list[Columns] = [_candidate_rows("", [], [])]
    labels: list[Columns] = [_NO_LABELS]
    count = 0
    for feature_set in samples_by_feature_set(sample):
        found = candidates_for(feature_set.points, grid)
        report(
            f"clustering {len(feature_set.points)} customers by {feature_set.name}: "
            f"{len(found)} candidates, the better ones with {bootstrap_count} resamples"
        )
        solutions = _solutions(feature_set, found, seed, remember)
        own_labels = remember(
            feature_set.name,
            set_labels,
            feature_set,
            found,
            solutions,
            limits,
            bootstrap_count,
            bootstrap_size,
            evaluation_size,
            seed,
        )
        own_candidates = _candidate_rows(feature_set.name, found, solutions)
        for own in (own_candidates, own_labels):
            own["solution_number"] = own["solution_number"] + count
        count += len(found)
        candidates.append(own_candidates)
        labels.append(own_labels)
    return _concatenated(candidates), _concatenated(labels)


def set_labels(
    feature_set: FeatureSetSample,
    candidates: Sequence[Candidate],
    solutions: Sequence[Solution],
    limits: Limits,
    bootstrap_count: int,
    bootstrap_size: int,
    evaluation_size: int,
    seed: int,
) -> Columns:
    """Label the sample of one feature set with every candidate.

    Parameters
    ----------
    feature_set : FeatureSetSample
    candidates, solutions, limits
        See `candidates.label_runs`.
    bootstrap_count, bootstrap_size, evaluation_size, seed : int
        See `candidates.label_runs`.

    Returns
    -------
    dict of arrays
        Labels; see `candidate_labels`; numbers from 0.
    """
    runs = label_runs(
        feature_set.points,
        candidates,
        solutions,
        feature_set.earlier,
        limits,
        bootstrap_count=bootstrap_count,
        bootstrap_size=bootstrap_size,
        evaluated_count=evaluation_size,
        seed=seed,
    )
    return _concatenated([_NO_LABELS, *(_label_rows(*run) for run in runs)])


def _solutions(
    feature_set: FeatureSetSample,
    candidates: Sequence[Candidate],
    seed: int,
    remember: Remember,
) -> list[Solution]:
    """Fit candidates once: to judge them, and to serve the chosen ones."""
    return remember(
        f"{feature_set.name}, solutions",
        fit_candidates,
        feature_set.points,
        candidates,
        seed,
    )


def _label_rows(
    candidate: int, run: str, number: int, positions: np.ndarray, labels: np.ndarray
) -> Columns:
    count = len(positions)
    return {
        "solution_number": np.full(count, candidate, dtype=np.int32),
        "run": np.full(count, run, dtype=object),
        "run_number": np.full(count, number, dtype=np.int32),
        "sample_number": (positions + 1).astype(np.int32),
        "label": labels.astype(np.int32),
    }


_NO_LABELS = _label_rows(0, "", 0, np.zeros(0, int), np.zeros(0, int))


def _candidate_rows(
    name: str, candidates: Sequence[Candidate], solutions: Sequence[Solution]
) -> Columns:
    def of_mixtures(attribute: str) -> np.ndarray:
        return np.array([getattr(one, attribute, np.nan) for one in solutions], float)

    return {
        "solution_number": np.arange(len(candidates), dtype=np.int32),
        "feature_set": np.full(len(candidates), name, dtype=object),
        "algorithm": _texts(candidate.algorithm for candidate in candidates),
        "parameter": _texts(candidate.parameter for candidate in candidates),
        "parameter_value": np.array([one.value for one in candidates], dtype=float),
        "log_likelihood": of_mixtures("log_likelihood"),
        "free_parameter_count": of_mixtures("free_parameter_count"),
    }


def _texts(values) -> np.ndarray:
    return np.array(list(values), dtype=object)


def _concatenated(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def chosen_solutions(
    sample: Columns,
    candidates: Columns,
    choices: Columns,
    seed: int,
    remember: Remember = anew,
) -> dict[tuple[str, str], Solution]:
    """Return the chosen solutions as they were fitted to be judged.

    Parameters
    ----------
    sample : dict of arrays
        See `samples_by_feature_set`.
    candidates : dict of arrays of shape (n_candidates,)
        ``feature_set``, ``algorithm``, ``parameter`` and ``parameter_value`` of all
        that were judged, in their order.
    choices : dict of arrays of shape (n_choices,)
        ``feature_set``, ``algorithm`` and ``parameter``.
    seed : int
        The one the candidates were fitted with.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.

    Returns
    -------
    dict of (str, str) to Solution
        By feature set and algorithm.
    """
    chosen = {}
    for feature_set in samples_by_feature_set(sample):
        own = [
            Candidate(str(algorithm), str(parameter), float(value))
            for name, algorithm, parameter, value in zip(
                *(candidates[column] for column in CANDIDATE_COLUMNS), strict=True
            )
            if name == feature_set.name
        ]
        solutions = _solutions(feature_set, own, seed, remember)
        by_name = {
            (candidate.algorithm, candidate.parameter): solution
            for candidate, solution in zip(own, solutions, strict=True)
        }
        for i in np.flatnonzero(choices["feature_set"] == feature_set.name):
            algorithm = str(choices["algorithm"][i])
            solution = by_name[algorithm, str(choices["parameter"][i])]
            chosen[feature_set.name, algorithm] = solution
    return chosen
