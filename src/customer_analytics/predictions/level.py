"""Move the level of probabilities to where the shop's demand is going."""

import numpy as np
from scipy.optimize import brentq

# Of the path that the level takes from snapshot to snapshot, in logarithms of the rate
# of orders: how far it wanders, how steep its trend may be per year, how noisy one
# snapshot is beside the chance in its rows, and for how long it remembers.
WANDER, TREND, NOISE, MEMORY_YEARS = 0.5, 0.6, 0.1, 3.0
LIMIT = 1e-6
LARGEST_SHIFT = 8.0


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Return log(p / (1 - p)), with p kept off 0 and 1 by a millionth."""
    kept = np.clip(probabilities, LIMIT, 1 - LIMIT)
    return np.log(kept / (1 - kept))


def shifted(probabilities: np.ndarray, shift: float, direction: float) -> np.ndarray:
    """Return probabilities as they are where customers order more.

    Orders that come at random at a rate m in a window come at least once with the
    probability 1 - exp(-m) (the complementary log-log link; McCullagh and Nelder 1989,
    chapter 4). With more demand the rate of each customer rises alike, so that who
    orders seldom gains about as many per cent, and who orders anyway gains little.

    Parameters
    ----------
    probabilities : float array of shape (n,)
        0..1.
    shift : float
        Added to the logarithm of the rate.
    direction : float
        -1 where the probabilities are of no order; of something else otherwise.

    Returns
    -------
    float array of shape (n,)
        0..1.
    """
    if direction < 0:
        return 1 - shifted(1 - probabilities, shift, -direction)
    rates = -np.log1p(-np.clip(probabilities, LIMIT, 1 - LIMIT))
    return -np.expm1(-rates * np.exp(shift))


def needed_shift(
    probabilities: np.ndarray, outcomes: np.ndarray, direction: float
) -> float:
    """Return the shift that makes the mean probability the observed rate.

    Parameters
    ----------
    probabilities : float array of shape (n,)
        0..1.
    outcomes : bool array of shape (n,)
        What came; half an event of either kind is added, so that a rate of 0 or 1
        needs no infinite shift.
    direction : float
        See `shifted`.

    Returns
    -------
    float
        In the logarithm of the rate, -8..8.
    """
    rate = (outcomes.sum() + 0.5) / (len(outcomes) + 1)
    sign = -1.0 if direction < 0 else 1.0

    def excess(shift: float) -> float:
        return sign * float(shifted(probabilities, shift, direction).mean() - rate)

    if excess(-LARGEST_SHIFT) >= 0:
        return -LARGEST_SHIFT
    if excess(LARGEST_SHIFT) <= 0:
        return LARGEST_SHIFT
    return float(brentq(excess, -LARGEST_SHIFT, LARGEST_SHIFT))


def expected_shift(
    days: np.ndarray,
    shifts: np.ndarray,
    counts: np.ndarray,
    observed_changes: np.ndarray,
    expected_change: float,
    follows_demand: bool,
) -> float:
    """Return the shift that probabilities of a new snapshot will need.

    At earlier snapshots a model was too low by ``shifts``. Part of that is demand: the
    shop's orders changed from before the snapshot to its outcome window. The rest is a
    level that wanders slowly, and is carried forward by Gaussian process regression
    (Rasmussen and Williams 2006, chapter 2): an exponential covariance and a trend.
    The expected change of demand, seen in the same window a year ago, is added.

    Parameters
    ----------
    days : float array of shape (n_snapshots,)
        From the new snapshot to the earlier ones, below 0, rising.
    shifts : float array of shape (n_snapshots,)
        Needed there (`needed_shift`).
    counts : int array of shape (n_snapshots,)
        Rows that each shift comes from: the fewer, the less it counts.
    observed_changes : float array of shape (n_snapshots,)
        Logarithm of orders per day in the outcome window over those before; NaN where
        unknown.
    expected_change : float
        The same for the new snapshot; NaN where nothing is known of last year.
    follows_demand : bool
        Whether what is predicted depends on how much is ordered.

    Returns
    -------
    float
        In the logarithm of the rate of orders.
    """
    known = ~np.isnan(observed_changes)
    if np.isnan(expected_change) or not known.any():
        follows_demand, known = False, np.ones(len(days), dtype=bool)
    years = days[known] / 365
    demand = observed_changes[known] if follows_demand else 0.0
    levels = shifts[known] - demand
    latest = years[-1]

    def covariance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        apart = np.abs(first[:, None] - second[None])
        trend = np.outer(first - latest, second - latest)
        return WANDER**2 * np.exp(-apart / MEMORY_YEARS) + TREND**2 * trend

    # The logarithm of a rate varies by 2 / n where half come, by 10 / n where a tenth.
    noise = NOISE**2 + 4 / counts[known]
    among = covariance(years, years) + np.diag(noise)
    weights = np.linalg.solve(among, levels)
    level = float((covariance(np.zeros(1), years) @ weights)[0])
    change = expected_change if follows_demand else 0.0
    return float(np.clip(level + change, -LARGEST_SHIFT, LARGEST_SHIFT))
