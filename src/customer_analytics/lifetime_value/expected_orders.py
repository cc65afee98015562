"""Orders to expect by fitted models, row by row of a grid."""

from collections.abc import Mapping

import numpy as np

from customer_analytics.lifetime_value.bg_nbd import expected_orders_if_alive
from customer_analytics.lifetime_value.histories import Histories
from customer_analytics.lifetime_value.maximum_likelihood import Fit
from customer_analytics.lifetime_value.mbg_cnbd_k import MbgCnbdK
from customer_analytics.lifetime_value.order_models import ORDER_MODELS


def expected_orders(grid: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the orders to expect of customers who are alive, row by row.

    Parameters
    ----------
    grid : mapping of str to array of shape (n_rows,)
        ``model``, its ``k``, ``r``, ``alpha``, ``a`` and ``b``, ``repeat_day_count``,
        ``first_to_last_days`` (only looked at with k above 1), ``age_days`` and
        ``effective_days``: days to look ahead, times the season.

    Returns
    -------
    dict of arrays of shape (n_rows,)
        ``expected_orders`` (finite, 0 or more), to be multiplied by the probability of
        being alive; ``log_quiet`` (0 or more), by which its log-odds are higher than
        those of k = 1.
    """
    expected, log_quiet = np.zeros((2, len(grid["k"])))
    simple = grid["k"] == 1
    one = {name: values[simple] for name, values in grid.items()}
    shift = np.array([ORDER_MODELS[name] for name in one["model"]], dtype=float)
    expected[simple] = expected_orders_if_alive(
        one["r"] + one["repeat_day_count"],
        one["alpha"] + one["age_days"],
        one["a"],
        one["b"] + one["repeat_day_count"] + shift,
        one["effective_days"],
    )
    parameters = np.array([grid[name] for name in ("k", "r", "alpha", "a", "b")]).T
    for distinct in np.unique(parameters[~simple], axis=0):
        rows = np.flatnonzero((parameters == distinct).all(axis=1))
        model = MbgCnbdK(int(distinct[0]), *distinct[1:], Fit((), np.nan, True, ""))
        days = ("repeat_day_count", "first_to_last_days", "age_days")
        known = Histories(
            *(grid[name][rows].astype(float) for name in days), np.ones(len(rows))
        )
        expected[rows] = model.orders_if_alive(known, grid["effective_days"][rows])
        log_quiet[rows] = model.log_quiet(known)
    return {"expected_orders": expected, "log_quiet": log_quiet}


def period_orders(expected: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the orders to expect from the end of one period to that of the next.

    Parameters
    ----------
    expected : mapping of str to array of shape (n_rows,)
        ``period_number``, rising among rows that are alike otherwise and follow each
        other, and ``expected_orders`` up to the end of the period.

    Returns
    -------
    array of shape (n_rows,)
        0 or more; of the first period, all of them.
    """
    number, orders = expected["period_number"], expected["expected_orders"]
    follows = np.diff(number, prepend=np.inf) > 0
    before = np.where(follows, np.roll(orders, 1), 0.0)
    return np.maximum(orders - before, 0.0)
