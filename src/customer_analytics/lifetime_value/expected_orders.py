"""Orders to expect by fitted models, row by row of a grid."""

from collections.abc import Iterator, Mapping

import duckdb
import numpy as np

from customer_analytics.lifetime_value.bg_nbd import expected_orders_if_alive
from customer_analytics.lifetime_value.mbg_cnbd_k import orders_from_stage
from customer_analytics.lifetime_value.order_models import ORDER_MODELS

PERIOD_KINDS = ("horizon", "without_season", "month", "quarter")
KEY = "cutoff_date, first_can_be_last, k, repeat_day_count, age_days, stage"


def expected_by_kind(
    grid: duckdb.DuckDBPyRelation,
) -> Iterator[dict[str, np.ndarray]]:
    """Return the orders to expect for the rows of `int_forecast_grid`.

    Parameters
    ----------
    grid : DuckDBPyRelation
        See `expected_orders`, with ``cutoff_date``, ``period_kind`` and
        ``period_number``. Text is not read, as it takes ten times the room of numbers.

    Yields
    ------
    dict of arrays of shape (n_rows,)
        Of one kind of period: ``cutoff_date``, ``model``, ``period_kind``,
        ``period_number``, ``repeat_day_count``, ``age_days``, ``stage``,
        ``expected_orders`` and ``period_orders``.
    """
    names = np.array(list(ORDER_MODELS), dtype=object)
    numbers = f"{KEY}, period_number, r, alpha, a, b, effective_days"
    for kind in PERIOD_KINDS:
        of_kind = grid.filter(f"period_kind = '{kind}'").project(numbers)
        rows = of_kind.order(f"{KEY}, period_number").fetchnumpy()
        expected = expected_orders(rows)
        number = rows["period_number"]
        yield {
            "cutoff_date": rows["cutoff_date"],
            "model": names[rows["first_can_be_last"].astype(int) + (rows["k"] > 1)],
            "period_kind": np.full(len(number), kind, dtype=object),
            "period_number": number,
            "repeat_day_count": rows["repeat_day_count"],
            "age_days": rows["age_days"],
            "stage": rows["stage"],
            "expected_orders": expected,
            "period_orders": period_orders(number, expected),
        }


def expected_orders(grid: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the orders to expect of customers who are alive, row by row.

    Parameters
    ----------
    grid : mapping of str to array of shape (n_rows,)
        ``first_can_be_last`` (not in BG/NBD), ``k``, ``r``, ``alpha``, ``a`` and ``b``
        of a model, ``stage`` (of the k steps to the next order, those taken; 0..k - 1),
        ``repeat_day_count``, ``age_days`` and ``effective_days``: days to look ahead,
        times the season.

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
    shape, rate = grid["r"] + grid["k"] * repeats, grid["alpha"] + grid["age_days"]
    kept = grid["b"] + repeats + grid["first_can_be_last"]
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


def period_orders(number: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return the orders to expect from the end of one period to that of the next.

    Parameters
    ----------
    number : array of shape (n_rows,)
        Of the period, rising among rows that are alike otherwise and follow each other.
    expected : array of shape (n_rows,)
        Orders up to the end of the period.

    Returns
    -------
    array of shape (n_rows,)
        0 or more; of the first period, all of them.
    """
    follows = np.diff(number, prepend=np.inf) > 0
    before = np.where(follows, np.roll(expected, 1), 0.0)
    return np.maximum(expected - before, 0.0)
