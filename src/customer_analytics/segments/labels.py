"""Label customers with candidate solutions: a sample to judge them, then everyone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from customer_analytics.memory import Remember, anew
from customer_analytics.segments.algorithms import Mixture, Solution
from customer_analytics.segments.candidates import (
    FIT,
    Candidate,
    Grid,
    candidates_for,
    fit_candidates,
    label_runs,
)

Columns = dict[str, np.ndarray]


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
    candidates: list[Columns] = [_candidate_rows([])]
    labels: list[Columns] = [_NO_LABELS]
    count = 0
    for feature_set in samples_by_feature_set(sample):
        report(
            f"clustering {len(feature_set.points)} customers by {feature_set.name}, "
            f"each candidate with {bootstrap_count} resamples"
        )
        own_candidates, own_labels = remember(
            feature_set.name,
            set_labels,
            feature_set,
            grid,
            bootstrap_count,
            bootstrap_size,
            evaluation_size,
            seed,
        )
        for own in (own_candidates, own_labels):
            own["solution_number"] = own["solution_number"] + count
        count += len(own_candidates["solution_number"])
        candidates.append(own_candidates)
        labels.append(own_labels)
    return _concatenated(candidates), _concatenated(labels)


def set_labels(
    feature_set: FeatureSetSample,
    grid: Grid,
    bootstrap_count: int,
    bootstrap_size: int,
    evaluation_size: int,
    seed: int,
) -> tuple[Columns, Columns]:
    """Label the sample of one feature set with every candidate.

    Parameters
    ----------
    feature_set : FeatureSetSample
    grid : Grid
    bootstrap_count, bootstrap_size, evaluation_size, seed : int
        See `candidates.label_runs`.

    Returns
    -------
    candidates, labels : dicts of arrays
        See `candidate_labels`; numbers from 0.
    """
    found = candidates_for(feature_set.points, grid)
    runs = label_runs(
        feature_set.points,
        found,
        feature_set.earlier,
        bootstrap_count=bootstrap_count,
        bootstrap_size=bootstrap_size,
        evaluated_count=evaluation_size,
        seed=seed,
    )
    labels, fitted = [_NO_LABELS], {}
    for index, run, number, positions, assigned, solution in runs:
        if run == FIT:
            fitted[index] = solution
        labels.append(_label_rows(index, run, number, positions, assigned))
    candidates = [
        (feature_set.name, candidate, fitted[index])
        for index, candidate in enumerate(found)
    ]
    return _candidate_rows(candidates), _concatenated(labels)


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


def _candidate_rows(candidates: Sequence[tuple[str, Candidate, Solution]]) -> Columns:
    is_mixture = [isinstance(solution, Mixture) for _, _, solution in candidates]
    mixtures = [
        (solution.log_likelihood, solution.free_parameter_count) if is_one else None
        for (_, _, solution), is_one in zip(candidates, is_mixture, strict=True)
    ]
    return {
        "solution_number": np.arange(len(candidates), dtype=np.int32),
        "feature_set": _texts(name for name, _, _ in candidates),
        "algorithm": _texts(candidate.algorithm for _, candidate, _ in candidates),
        "parameter": _texts(candidate.parameter for _, candidate, _ in candidates),
        "parameter_value": np.array([c.value for _, c, _ in candidates], dtype=float),
        "log_likelihood": np.array([m[0] if m else np.nan for m in mixtures]),
        "free_parameter_count": np.array([m[1] if m else np.nan for m in mixtures]),
    }


def _texts(values) -> np.ndarray:
    return np.array(list(values), dtype=object)


def _concatenated(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def chosen_solutions(
    sample: Columns, choices: Columns, seed: int, remember: Remember = anew
) -> dict[tuple[str, str], Solution]:
    """Fit the chosen solutions again, exactly as they were fitted to be judged.

    Parameters
    ----------
    sample : dict of arrays
        See `samples_by_feature_set`.
    choices : dict of arrays of shape (n_choices,)
        ``feature_set``, ``algorithm``, ``parameter`` and ``parameter_value``.
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
        own = np.flatnonzero(choices["feature_set"] == feature_set.name)
        candidates = [
            Candidate(
                str(choices["algorithm"][i]),
                str(choices["parameter"][i]),
                float(choices["parameter_value"][i]),
            )
            for i in own
        ]
        solutions = remember(
            f"{feature_set.name}, served",
            fit_candidates,
            feature_set.points,
            candidates,
            seed,
        )
        for candidate, solution in zip(candidates, solutions, strict=True):
            chosen[feature_set.name, candidate.algorithm] = solution
    return chosen
