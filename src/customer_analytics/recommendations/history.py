"""Who ordered what when, as it was known at a date."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class History:
    """Ordered products before a date: one element per customer, order and product.

    Attributes
    ----------
    customer, product, order : int arrays of shape (n_events,)
        Numbers from 0, in the order in which they were first seen; sorted by customer,
        then order.
    days_ago : int array of shape (n_events,)
        Whole days from the order to the date; 0 or less where it came later.
    customer_count, product_count : int
        Columns and rows of matrices made of it.
    """

    customer: np.ndarray
    product: np.ndarray
    order: np.ndarray
    days_ago: np.ndarray
    customer_count: int
    product_count: int

    def before(self, days: int) -> "History":
        """Return what was known so many days earlier, or later where below 0.

        Customers and products that came since are not among it: they have the highest
        numbers.
        """
        kept = self.days_ago > days
        customer, product = self.customer[kept], self.product[kept]
        return History(
            customer,
            product,
            self.order[kept],
            self.days_ago[kept] - days,
            int(customer.max(initial=-1)) + 1,
            int(product.max(initial=-1)) + 1,
        )

    def matrix(self, weight: np.ndarray | None = None) -> csr_matrix:
        """Return the sum of weights (default: orders) of each customer and product."""
        if weight is None:
            weight = np.ones(len(self.customer))
        return csr_matrix(
            (weight.astype(np.float32), (self.customer, self.product)),
            shape=(self.customer_count, self.product_count),
        )

    def decayed(self, half_life_days: float) -> csr_matrix:
        """Return orders that count half as much every so many days."""
        return self.matrix(0.5 ** (self.days_ago / half_life_days))

    def days_since_any(self, never: float) -> np.ndarray:
        """Return days since each customer's last order, or what stands for never."""
        days = np.full(self.customer_count, never)
        np.minimum.at(days, self.customer, self.days_ago)
        return days

    def order_counts(self) -> np.ndarray:
        """Return how many orders each customer has made."""
        is_new = self._is_new_order()
        return np.bincount(self.customer[is_new], minlength=self.customer_count)

    def orders_since(self) -> np.ndarray:
        """Return how many orders the customer made after that of each event."""
        sequence = np.cumsum(self._is_new_order())
        last = np.zeros(self.customer_count, dtype=np.int64)
        np.maximum.at(last, self.customer, sequence)
        return last[self.customer] - sequence

    def _is_new_order(self) -> np.ndarray:
        if not len(self.customer):
            return np.zeros(0, dtype=bool)
        same = (self.customer[1:] == self.customer[:-1]) & (
            self.order[1:] == self.order[:-1]
        )
        return np.concatenate([[True], ~same])
