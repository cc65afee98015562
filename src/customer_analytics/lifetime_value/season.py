"""Season of a shop: how much more is ordered in a month than its customers explain.

Repeat orders of each month are compared with what a model without a season expects of
the customers there were. What is left is split by a Poisson regression into a level, a
trend and one factor per calendar month, drawn towards 1 the less has been seen.
"""

import numpy as np

from customer_analytics.lifetime_value.bg_nbd import BgNbd

MONTHS = 12
# Months seen twice from which on the factors count in full. With none, a season cannot
# be told from a trend.
FULL_AFTER = 3
# The pull towards 1: a share of a month's orders, for noise that grows with them, and
# orders as such: a month's factor is within about 30 % of 1.
PULL_SHARE = 0.05
PULL_ORDERS = 11.0


def season_factors(
    model: BgNbd, new: np.ndarray, repeats: np.ndarray, months: np.ndarray
) -> np.ndarray:
    """Return the factor of each calendar month.

    Parameters
    ----------
    model : BgNbd
        Fitted to the same customers, with days as its unit of time.
    new, repeats : array of shape (n_days,)
        First and repeat orders of each day, from the first day on.
    months : array of shape (n_days,)
        Calendar months since any January, not falling.

    Returns
    -------
    array of shape (12,)
        January to December, above 0, around 1; all 1 with a year or less.
    """
    per_day = np.diff(model.expected_of_new(np.arange(len(new), dtype=float)))
    # Nobody orders again on the day of the first order.
    expected = np.convolve(new, np.concatenate([[0.0], per_day]))[: len(new)]
    number = months - months[0]
    actual = np.bincount(number, repeats)[1:]
    explained = np.bincount(number, expected)[1:]
    seen_twice = len(actual) + 1 - MONTHS
    weight = np.clip(seen_twice / FULL_AFTER, 0.0, 1.0)
    if weight == 0 or actual.sum() == 0 or not (explained > 0).all():
        return np.ones(MONTHS)
    calendar_month = (months[0] + 1 + np.arange(len(actual))) % MONTHS
    return np.exp(weight * _month_effects(actual, explained, calendar_month))


def _month_effects(
    actual: np.ndarray, explained: np.ndarray, calendar_month: np.ndarray
) -> np.ndarray:
    """Return the logarithms of the factors, which sum to 0."""
    count = len(actual)
    design = np.zeros((count, 2 + MONTHS))
    design[:, 0] = 1
    design[:, 1] = np.arange(count) / MONTHS
    design[np.arange(count), 2 + calendar_month] = 1
    pull = np.full(2 + MONTHS, PULL_SHARE * actual.mean() + PULL_ORDERS)
    pull[0] = 1e-9
    effects = np.zeros(2 + MONTHS)
    effects[0] = np.log(actual.sum() / explained.sum())
    # Newton's method; the objective is convex, and halved steps cannot overshoot.
    for _ in range(100):
        mean = explained * np.exp(design @ effects)
        gradient = design.T @ (actual - mean) - pull * effects
        hessian = design.T @ (design * mean[:, None]) + np.diag(pull)
        step = np.linalg.solve(hessian, gradient)
        effects += step * min(1.0, 0.5 / np.abs(step).max(initial=1e-300))
        if np.abs(step).max() < 1e-10:
            break
    return effects[2:] - effects[2:].mean()
