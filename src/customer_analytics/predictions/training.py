"""What a model of one target and cut-off is trained on and judged by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

Columns = dict[str, np.ndarray]
KEYS = ("feature_row", "customer_number", "is_sampled", "is_as_of_date")
LEAST_ROWS = 1_000
# 1 where more demand makes more positives, -1 where it makes fewer.
DIRECTIONS = {"order": 1.0, "no_order": -1.0, "top_spend": 0.0}


@dataclass(frozen=True)
class Task:
    """One target at one cut-off.

    Attributes
    ----------
    target, positive_when : str
    day, horizon_days : int
        The cut-off as days since 1970, and the outcome window's length.
    tuning_day : int
        The cut-off that its parameters are tuned at, this one or an earlier one.
    is_serving : bool
    inputs : float array of shape (n_rows, n_features)
        The training rows, in order; NaN where unknown.
    outcomes : bool array of shape (n_rows,)
    groups, days : int arrays of shape (n_rows,)
        Customer and snapshot (days since 1970) of each.
    judged_inputs : float array of shape (n_judged, n_features)
        Rows to predict.
    judged_customers : int array of shape (n_judged,)
        Whose they are.
    judged_outcomes : bool array of shape (n_judged,)
        What came; for calibration at later cut-offs, never for this one.
    observed_changes : dict of int to float
        Change of demand by snapshot day; NaN where unknown.
    expected_change : float
    """

    target: str
    positive_when: str
    day: int
    tuning_day: int
    horizon_days: int
    is_serving: bool
    inputs: np.ndarray
    outcomes: np.ndarray
    groups: np.ndarray
    days: np.ndarray
    judged_inputs: np.ndarray
    judged_customers: np.ndarray
    judged_outcomes: np.ndarray
    observed_changes: dict[int, float]
    expected_change: float

    @property
    def direction(self) -> float:
        """Return which way demand moves the rate of positives: 1, -1 or 0."""
        return DIRECTIONS[self.positive_when]

    @property
    def date(self) -> str:
        """Return the cut-off as an ISO date."""
        return str(np.datetime64(self.day, "D"))


def event_names(features: duckdb.DuckDBPyRelation) -> list[str]:
    """Return the names of the features made of events, in the order of their values.

    Parameters
    ----------
    features : DuckDBPyRelation
        int_event_features.
    """
    rows = features.order("feature_number").project("feature").fetchall()
    return [name for (name,) in rows]


def read_inputs(
    inputs: duckdb.DuckDBPyRelation, event_features: Sequence[str]
) -> Columns:
    """Return rows of int_prediction_inputs with a column for each event feature, last.

    Parameters
    ----------
    inputs : DuckDBPyRelation
        With ``event_values``, a list as long as `event_features`.
    event_features : sequence of str
        Which types of events there are is known from the data alone.

    Returns
    -------
    dict of arrays of shape (n_rows,)
        By ``feature_row``; see `input_matrix`.
    """
    columns = inputs.order("feature_row").fetchnumpy()
    values = columns.pop("event_values", None)
    if event_features and values is not None:
        matrix = np.array([*values], float).reshape(len(values), len(event_features))
        columns |= dict(zip(event_features, matrix.T, strict=True))
    return columns


def input_matrix(inputs: Columns) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return rows' numbers, their features as a matrix, and the features' names.

    Parameters
    ----------
    inputs : dict of arrays of shape (n_rows,)
        Columns of int_prediction_inputs, by ``feature_row``.

    Returns
    -------
    numbers : int array of shape (n_rows,)
    matrix : float array of shape (n_rows, n_features)
        NaN where unknown.
    features : list of str
    """
    features = [name for name in inputs if name not in KEYS]
    matrix = np.column_stack([as_floats(inputs[name]) for name in features])
    return np.asarray(inputs["feature_row"]), matrix, features


def as_floats(values: np.ndarray) -> np.ndarray:
    """Return a column with NaN for null."""
    return np.ma.filled(np.ma.asarray(values).astype(float), np.nan)


def as_days(values: np.ndarray) -> np.ndarray:
    """Return dates as whole days since 1970."""
    return np.asarray(values).astype("datetime64[D]").astype(np.int64)


def tasks(
    inputs: Columns,
    labels: Columns,
    cutoffs: Columns,
    *,
    most_rows: int,
    rows_per_customer: float,
    half_life_days: float,
    serving_factor: float = 1,
    tuning: bool = False,
    seed: int,
) -> Iterator[Task]:
    """Yield what to do for every target and cut-off, in order.

    A task is made of what was known at its cut-off and of its own outcomes alone: it is
    the same task a month later.

    Parameters
    ----------
    inputs : dict of arrays of shape (n_rows,)
        See `input_matrix`; ``feature_row`` rises.
    labels : dict of arrays of shape (n_labels,)
        ``target``, ``feature_row``, ``customer_number``, ``snapshot_date``,
        ``is_positive`` (null where not observed), by target and feature row.
    cutoffs : dict of arrays
        Columns of int_training_windows, by target, cut-off and snapshot date.
    most_rows : int
        Training rows at most; a seeded sample of them.
    rows_per_customer : float
        Training rows per customer known at the cut-off, at most, unless that leaves
        fewer than 1,000: months of one customer say nearly the same.
    half_life_days : float
        By how many days older a snapshot is drawn half as often: the newer, the more
        alike are its customers and those to be judged.
    serving_factor : float
        The serving cut-off gets this many times as many rows.
    tuning : bool
        Instead of each cut-off the date that it is tuned at (``tuning_date``).
    seed : int

    Yields
    ------
    Task
    """
    numbers, matrix, _ = input_matrix(inputs)
    label_days = as_days(labels["snapshot_date"])
    snapshot_days = as_days(cutoffs["snapshot_date"])
    tuning_days = as_days(cutoffs["tuning_date"])
    customers = np.asarray(labels["customer_number"])
    positive = np.ma.filled(np.ma.asarray(labels["is_positive"]), False).astype(bool)
    positions = np.searchsorted(numbers, labels["feature_row"])
    observed = as_floats(cutoffs["observed_change"])
    expected = as_floats(cutoffs["expected_change"])
    horizons = np.asarray(cutoffs["horizon_days"])
    dates = as_days(cutoffs["tuning_date" if tuning else "cutoff_date"])
    for target in dict.fromkeys(cutoffs["target"]):
        own = np.flatnonzero(labels["target"] == target)
        asked = cutoffs["target"] == target
        if tuning:
            asked &= ~np.asarray(cutoffs["is_serving"], dtype=bool)
        for day in np.unique(dates[asked]):
            over = asked & (dates == day) & (snapshot_days + horizons <= day)
            # Cut-offs that are tuned at one date share its snapshots.
            known, firsts = np.unique(snapshot_days[over], return_index=True)
            mine = np.flatnonzero(over)[firsts]
            pool = own[np.isin(label_days[own], known)]
            first = mine[0]
            is_serving = bool(cutoffs["is_serving"][first])
            customer_count = len(np.unique(customers[pool]))
            limit = min(
                most_rows, max(int(rows_per_customer * customer_count), LEAST_ROWS)
            )
            count = int(limit * (serving_factor if is_serving else 1))
            if len(pool) > count:
                # Another sample at each cut-off, the same in every build.
                rng = np.random.default_rng([seed, int(day)])
                weights = 0.5 ** ((day - label_days[pool]) / half_life_days)
                drawn = rng.choice(pool, count, False, weights / weights.sum())
                pool = np.sort(drawn)
            judged = own[label_days[own] == day]
            yield Task(
                target=str(target),
                positive_when=str(cutoffs["positive_when"][first]),
                day=int(day),
                tuning_day=int(tuning_days[first]),
                horizon_days=int(horizons[first]),
                is_serving=is_serving,
                inputs=matrix[positions[pool]],
                outcomes=positive[pool],
                groups=customers[pool],
                days=label_days[pool],
                judged_inputs=matrix[positions[judged]],
                judged_customers=customers[judged],
                judged_outcomes=positive[judged],
                observed_changes=dict(
                    zip(known.tolist(), observed[mine].tolist(), strict=True)
                ),
                expected_change=float(expected[first]),
            )
