"""Season of a shop: how much more is ordered in a week than its customers explain.

Repeat orders of each week are compared with what a model without a season expects of
the customers there were. What is left is split by a Poisson regression into a level, a
trend and one factor per week of the year, drawn towards its neighbours and, weakly,
towards 1 the less has been seen (differences as in P-splines: Eilers and Marx 1996,
Statistical Science 11(2), 89-121).
"""

from collections.abc import Callable, Mapping

import numpy as np

from customer_analytics.lifetime_value.bg_nbd import BgNbd
from customer_analytics.lifetime_value.maximum_likelihood import Fit
from customer_analytics.memory import Remember, anew

# Of 7 days, the last one of 8 or 9.
WEEKS = 52
YEAR_DAYS = 365
# The first customers of a log look new and are not: their orders tell no season.
LEFT_OUT_DAYS = 30
# Days seen twice from which on the factors count in full. With none, a season cannot
# be told from a trend.
FULL_AFTER_DAYS = 91
# The pull of each on the next: a share of a week's orders, for noise that grows with
# them, and orders as such. Of 0.2, 0.5, 2 and 5 this was best for the sample.
PULL_SHARE, PULL_ORDERS = 0.5, 5.0
# The pull towards 1, alike; ten times as strong on the trend of a year.
FLAT_SHARE, FLAT_ORDERS = 0.005, 1.1
# Days whose orders tell the level of late.
LEVEL_DAYS = 180


def fit_seasons(
    models: Mapping[str, np.ndarray],
    calendar: Mapping[str, np.ndarray],
    *,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, np.ndarray]:
    """Fit the season as of each date.

    Parameters
    ----------
    models : mapping of str to array of shape (n_dates,)
        ``snapshot_date`` (text) and BG/NBD as of it: ``r``, ``alpha`` (days), ``a`` and
        ``b``; NaN where not fitted.
    calendar : mapping of str to array of shape (n_days,)
        ``snapshot_date`` (text), ``week_of_year`` (1..52), ``new_customer_count`` and
        ``repeat_day_count``; every day from the first order to the day before the
        date, in order.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Takes a line about what is done.

    Returns
    -------
    dict of arrays of shape (52 * n_dates,)
        ``snapshot_date``, ``week_of_year``, ``season_factor`` (above 0; 1 = as in a
        year without seasons) and ``order_level`` (above 0, the same for all weeks):
        repeat orders of late, over what the model and the season expect of them.
    """
    # What is null comes masked.
    fitted = np.ma.column_stack([models[name] for name in ("r", "alpha", "a", "b")])
    rows = []
    for date, parameters in zip(
        models["snapshot_date"], fitted.filled(np.nan).tolist(), strict=True
    ):
        days = calendar["snapshot_date"] == date
        names = ("new_customer_count", "repeat_day_count", "week_of_year")
        counts = [calendar[name][days].astype(int) for name in names]
        rows.append(remember(f"season at {date}", season, parameters, *counts))
        report(f"season as of {date}: {days.sum():,} days")
    count = len(rows)
    return {
        "snapshot_date": np.repeat(np.array(models["snapshot_date"], object), WEEKS),
        "week_of_year": np.tile(np.arange(1, WEEKS + 1), count),
        "season_factor": np.array([row["factors"] for row in rows], float).ravel(),
        "order_level": np.repeat([float(row["level"]) for row in rows], WEEKS),
    }


def season(
    parameters: list[float], new: np.ndarray, repeats: np.ndarray, weeks: np.ndarray
) -> dict[str, object]:
    """Return the factor of each week of the year, and the level of late.

    Parameters
    ----------
    parameters : list of float
        r, alpha (days), a and b of BG/NBD fitted to the same customers; NaN where it
        was not.
    new, repeats, weeks : array of shape (n_days,)
        First and repeat orders of each day, from the first day on, and its week of the
        year, 1..52.

    Returns
    -------
    dict
        ``factors``, list of 52, above 0 and around 1, and ``level``, above 0; all 1
        with a year or less.
    """
    weight = np.clip((len(new) - YEAR_DAYS) / FULL_AFTER_DAYS, 0.0, 1.0)
    nothing: dict[str, object] = {"factors": [1.0] * WEEKS, "level": 1.0}
    if weight == 0 or np.isnan(parameters).any():
        return nothing
    model = BgNbd(*parameters, False, Fit((), np.nan, True, ""))
    per_day = np.diff(model.expected_of_new(np.arange(len(new), dtype=float)))
    # Nobody orders again on the day of the first order.
    expected = np.convolve(new, np.concatenate([[0.0], per_day]))[: len(new)]
    effects = _week_effects(
        *(each[LEFT_OUT_DAYS:] for each in (repeats, expected, weeks))
    )
    if effects is None:
        return nothing
    factors = np.exp(weight * effects)
    late = (expected * factors[weeks - 1])[-LEVEL_DAYS:].sum()
    came = repeats[-LEVEL_DAYS:].sum()
    level = ((came + PULL_ORDERS) / (late + PULL_ORDERS)) ** weight
    return {"factors": factors.tolist(), "level": float(level)}


def _week_effects(
    repeats: np.ndarray, expected: np.ndarray, weeks: np.ndarray
) -> np.ndarray | None:
    """Return the logarithms of the factors, which sum to 0; None without orders."""
    starts = np.flatnonzero(np.diff(weeks, prepend=0))
    actual = np.add.reduceat(repeats, starts).astype(float)
    explained = np.add.reduceat(expected, starts)
    if actual.sum() == 0 or not (explained > 0).all():
        return None
    count = len(starts)
    design = np.zeros((count, 2 + WEEKS))
    design[:, 0] = 1
    design[:, 1] = starts / YEAR_DAYS
    design[np.arange(count), 1 + weeks[starts]] = 1
    mean = actual.mean()
    flat = FLAT_SHARE * mean + FLAT_ORDERS
    pull = np.diag([1e-9, 10 * flat, *[flat] * WEEKS])
    # The last week of a year is a neighbour of the first.
    steps = np.eye(WEEKS) - np.roll(np.eye(WEEKS), 1, axis=1)
    pull[2:, 2:] += (PULL_SHARE * mean + PULL_ORDERS) * steps.T @ steps
    effects = np.zeros(2 + WEEKS)
    effects[0] = np.log(actual.sum() / explained.sum())
    # Newton's method; the objective is convex, and halved steps cannot overshoot.
    for _ in range(100):
        fitted = explained * np.exp(design @ effects)
        gradient = design.T @ (actual - fitted) - pull @ effects
        hessian = design.T @ (design * fitted[:, None]) + pull
        step = np.linalg.solve(hessian, gradient)
        effects += step * min(1.0, 0.5 / np.abs(step).max(initial=1e-300))
        if np.abs(step).max() < 1e-10:
            break
    return effects[2:] - effects[2:].mean()
