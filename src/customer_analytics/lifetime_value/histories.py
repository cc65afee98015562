"""Purchase histories, as models of repeat orders see them: grouped where equal."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Histories:
    """Distinct purchase histories, and how many customers have each.

    Attributes
    ----------
    repeats : array of shape (n_histories,)
        Days with an order after the first such day (x in the literature), 0 or more.
    last : array of shape (n_histories,)
        Time from the first to the last order (t_x, "recency" there), 0..age.
    age : array of shape (n_histories,)
        Time from the first order to the end of what is known (T).
    count : array of shape (n_histories,)
        Customers with that history, 1 or more.
    log_gaps : float
        Logarithms of the times between consecutive orders, of all customers together;
        only what compares the regularity of gaps asks for them.
    """

    repeats: np.ndarray
    last: np.ndarray
    age: np.ndarray
    count: np.ndarray
    log_gaps: float = 0.0

    @cached_property
    def distinct_repeats(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the distinct repeats, and the place of each history's among them.

        What depends on repeats alone is worked out once for each of them.
        """
        return np.unique(self.repeats, return_inverse=True)


def group_histories(
    repeats: np.ndarray, last: np.ndarray, age: np.ndarray
) -> tuple[Histories, np.ndarray]:
    """Group customers with equal histories, which have equal likelihoods and forecasts.

    Parameters
    ----------
    repeats, last, age : array of shape (n_customers,)
        As in `Histories`, one row per customer.

    Returns
    -------
    Histories
        Sorted, so that neither depends on the order of the customers.
    array of shape (n_customers,)
        Row of each customer in it.

    Raises
    ------
    ValueError
        If a time is not finite or not 0 <= last <= age, or repeats are negative.
    """
    times = np.asarray(last, dtype=float), np.asarray(age, dtype=float)
    repeats = np.asarray(repeats, dtype=float)
    valid = (repeats >= 0) & (times[0] >= 0) & (times[0] <= times[1])
    if not (valid & np.isfinite(times[1])).all():
        raise ValueError("histories need repeats >= 0 and 0 <= last <= age")
    # One column after the other: ten times as fast as comparing whole rows.
    order = np.lexsort((times[1], times[0], repeats))
    columns = [values[order] for values in (repeats, *times)]
    is_new = np.ones(len(order), dtype=bool)
    if len(order):
        is_new[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    rows = np.empty(len(order), dtype=np.int64)
    rows[order] = np.cumsum(is_new) - 1
    distinct = [column[is_new] for column in columns]
    return Histories(*distinct, count=np.bincount(rows).astype(float)), rows
