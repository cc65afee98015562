"""Value of an order, by the gamma-gamma model.

Orders of a customer scatter around a mean of their own; the means of the customers
follow a gamma mixture. The more orders are known, the less a customer's own mean is
drawn towards that of all. It assumes that values do not depend on how often one orders.

References
----------
Fader, Hardie and Lee (2005), RFM and CLV: using iso-value curves for customer base
analysis, Journal of Marketing Research 42(4), 415-430. Fader and Hardie (2013), The
gamma-gamma model of monetary value.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import digamma, gammaln

from customer_analytics.lifetime_value.maximum_likelihood import Fit, maximise

# Of p and q, and of gamma as a share of the mean value.
STARTS = ((2.0, 3.0, 1.5), (6.0, 4.0, 0.5), (1.0, 1.5, 0.5))


@dataclass(frozen=True)
class GammaGamma:
    """A fitted gamma-gamma model.

    Attributes
    ----------
    p, q, gamma : float
        Shape within a customer; shape and scale over customers. gamma is money.
    fit : Fit
        Of which the parameters are p, q and gamma.
    mean : float
        Mean value over all orders, which stands in where the distribution has no mean
        (q at 1 or below).
    """

    p: float
    q: float
    gamma: float
    fit: Fit
    mean: float

    def expected_value(self, orders: np.ndarray, value: np.ndarray) -> np.ndarray:
        """Return the expected value of a customer's next orders.

        Parameters
        ----------
        orders : array of shape (n_customers,)
            Orders whose value is known, 0 or more.
        value : array of shape (n_customers,)
            Their mean value, 0 or more; not read where there are none.

        Returns
        -------
        array of shape (n_customers,)
            Finite, above 0; between the customer's mean and that of all.
        """
        known = np.where(orders > 0, orders * value, 0.0)
        if self.q <= 1:
            # As much own weight as one order of all.
            return (self.mean + known) / (1 + orders)
        return (self.p * (self.gamma + known)) / (self.p * orders + self.q - 1)


@dataclass(frozen=True)
class OrderValues:
    """Orders of customers and their mean values.

    Attributes
    ----------
    orders : array of shape (n_customers,)
        1 or more.
    value : array of shape (n_customers,)
        Mean value of them, above 0.
    """

    orders: np.ndarray
    value: np.ndarray

    @cached_property
    def amount(self) -> np.ndarray:
        """Return what the orders of each customer are worth."""
        return self.value * self.orders

    @cached_property
    def distinct_orders(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the distinct numbers of orders, and the place of each customer."""
        return np.unique(self.orders, return_inverse=True)

    @cached_property
    def logs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the logarithms of values, orders and amounts."""
        return np.log(self.value), np.log(self.orders), np.log(self.amount)


def fit_gamma_gamma(orders: np.ndarray, value: np.ndarray) -> GammaGamma:
    """Fit by maximum likelihood.

    Parameters
    ----------
    orders : array of shape (n_customers,)
        Orders of each customer, 1 or more.
    value : array of shape (n_customers,)
        Their mean value, above 0.

    Returns
    -------
    GammaGamma

    Raises
    ------
    ValueError
        If there is no customer, or a value is not above 0.
    """
    if not len(orders) or not ((value > 0) & (orders >= 1)).all():
        raise ValueError("order values need customers with orders above 0")
    mean = float(np.average(value, weights=orders))
    starts = [(p, q, share * mean) for p, q, share in STARTS]
    known = OrderValues(orders, value)

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        return log_likelihood(parameters, known)

    fit = maximise(objective, starts, len(orders))
    return GammaGamma(*fit.parameters, fit, mean)


def log_likelihood(
    parameters: np.ndarray, known: OrderValues
) -> tuple[float, np.ndarray]:
    """Return the log-likelihood of mean values and its gradient.

    Parameters
    ----------
    parameters : array of shape (3,)
        p, q and gamma, above 0.
    known : OrderValues

    Returns
    -------
    float
    array of shape (3,)
        Derivatives by p, q and gamma.
    """
    p, q, gamma = parameters
    orders = known.orders
    log_value, log_orders, log_amount = known.logs
    # What depends on the orders alone, once for each number of them.
    distinct, place = known.distinct_orders
    shape = p * distinct
    px, total = p * orders, gamma + known.amount
    log_total = np.log(total)
    terms = (
        gammaln(shape + q)[place]
        - gammaln(shape)[place]
        - gammaln(q)
        + q * np.log(gamma)
        + (px - 1) * log_value
        + px * log_orders
        - (px + q) * log_total
    )
    both = digamma(shape + q)[place]
    by_p = orders * (both - digamma(shape)[place] + log_amount - log_total)
    by_q = both - digamma(q) + np.log(gamma / total)
    by_gamma = q / gamma - (px + q) / total
    gradient = np.array([by_p.sum(), by_q.sum(), by_gamma.sum()])
    return float(terms.sum()), gradient
