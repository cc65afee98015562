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

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        return log_likelihood(parameters, orders, value)

    fit = maximise(objective, starts, len(orders))
    return GammaGamma(*fit.parameters, fit, mean)


def log_likelihood(
    parameters: np.ndarray, orders: np.ndarray, value: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the log-likelihood of mean values and its gradient.

    Parameters
    ----------
    parameters : array of shape (3,)
        p, q and gamma, above 0.
    orders, value : array of shape (n_customers,)
        As in `fit_gamma_gamma`.

    Returns
    -------
    float
    array of shape (3,)
        Derivatives by p, q and gamma.
    """
    p, q, gamma = parameters
    px, total = p * orders, gamma + orders * value
    terms = (
        gammaln(px + q)
        - gammaln(px)
        - gammaln(q)
        + q * np.log(gamma)
        + (px - 1) * np.log(value)
        + px * np.log(orders)
        - (px + q) * np.log(total)
    )
    by_p = orders * (
        digamma(px + q) - digamma(px) + np.log(value * orders) - np.log(total)
    )
    by_q = digamma(px + q) - digamma(q) + np.log(gamma / total)
    by_gamma = q / gamma - (px + q) / total
    gradient = np.array([by_p.sum(), by_q.sum(), by_gamma.sum()])
    return float(terms.sum()), gradient
