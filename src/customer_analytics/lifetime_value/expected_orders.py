"""Orders to expect by fitted models, row by row of a grid."""

from collections.abc import Mapping

import numpy as np

from customer_analytics.lifetime_value.bg_nbd import expected_orders_if_alive
from customer_analytics.lifetime_value.mbg_cnbd_k import orders_from_stage
from customer_analytics.lifetime_value.order_models import ORDER_MODELS


def expected_orders(grid: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the orders to expect of customers who are alive, row by row.

    Parameters
    ----------
    grid : mapping of str to array of shape (n_rows,)
        ``model``, its ``k``, ``r``, ``alpha``, ``a`` and ``b``, ``stage`` (of the k
        steps to the next order, those taken; 0..k - 1), ``repeat_day_count``,
        ``age_days`` and ``effective_days``: days to look ahead, times the season.

    Returns
    -------
    array of shape (n_rows,)
        Finite, 0 or more; to be multiplied by the probability of being alive and so
        far.
    """
    expected = np.zeros(len(grid["k"]))
    repeats, ahead = (
        grid[name].astype(float) for name in ("repeat_day_count", "effective_days")
    )
    shift = np.array([ORDER_MODELS[name] for name in grid["model"]], dtype=float)
    shape, rate = grid["r"] + grid["k"] * repeats, grid["alpha"] + grid["age_days"]
    kept = grid["b"] + repeats + shift
    simple = grid["k"] == 1
    expected[simple] = expected_orders_if_alive(
        *(each[simple] for each in (shape, rate, grid["a"], kept, ahead))
    )
    steps = np.column_stack([grid["k"], grid["stage"]])
    for k, stage in np.unique(steps[~simple], axis=0):
        rows = np.flatnonzero((steps == (k, stage)).all(axis=1))
        share = ahead[rows] / (rate[rows] + ahead[rows])
        expected[rows] = orders_from_stage(
            int(stage), int(k), shape[rows], share, grid["a"][rows], kept[rows]
        )
    return expected


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
