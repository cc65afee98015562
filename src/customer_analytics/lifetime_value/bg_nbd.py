"""Repeat orders by BG/NBD and MBG/NBD.

A customer orders at a rate of their own (gamma over customers) and drops out after an
order with a probability of their own (beta). In BG/NBD nobody drops out after the first
order, so that one-time buyers are all alive; in MBG/NBD they may.

References
----------
Fader, Hardie and Lee (2005), "Counting your customers" the easy way, Marketing Science
24(2), 275-284. Batislam, Denizel and Filiztekin (2007), Empirical validation and
comparison of models for customer base analysis, IJRM 24(3), 201-209.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, gammaln, hyp2f1

from customer_analytics.lifetime_value.histories import Histories
from customer_analytics.lifetime_value.maximum_likelihood import Fit, maximise

# Of r, a and b, and of alpha as a share of the mean age.
STARTS = ((0.3, 0.2, 0.8, 2.5), (1.0, 0.5, 1.0, 1.0), (0.5, 0.05, 0.3, 3.0))
# The expectation divides by a - 1, and is smooth there.
NEAR_ONE = 1e-5


@dataclass(frozen=True)
class BgNbd:
    """A fitted BG/NBD or MBG/NBD model.

    Attributes
    ----------
    r, alpha : float
        Shape and rate of the gamma distribution of order rates; alpha is in the unit of
        time of the histories.
    a, b : float
        Of the beta distribution of the probability to drop out after an order.
    first_can_be_last : bool
        MBG/NBD: customers may drop out after their first order.
    fit : Fit
        Of which the parameters are r, alpha, a and b.
    """

    r: float
    alpha: float
    a: float
    b: float
    first_can_be_last: bool
    fit: Fit

    def probability_alive(self, histories: Histories) -> np.ndarray:
        """Return the probability of not having dropped out, of shape (n_histories,)."""
        x, shift = histories.repeats, int(self.first_can_be_last)
        log_odds = (
            np.log(self.a)
            - np.log(np.maximum(self.b + x + shift - 1, 1e-300))
            + (self.r + x)
            * np.log((self.alpha + histories.age) / (self.alpha + histories.last))
        )
        if not self.first_can_be_last:
            log_odds = np.where(x > 0, log_odds, -np.inf)
        return np.exp(-np.logaddexp(0, log_odds))

    def expected_orders(
        self, histories: Histories, duration: float | np.ndarray
    ) -> np.ndarray:
        """Return the orders to expect within a duration from the end of what is known.

        Parameters
        ----------
        histories : Histories
        duration : float or array of shape (n_histories,)
            0 or more, in the unit of time of the histories.

        Returns
        -------
        array of shape (n_histories,)
            Finite, 0 or more.
        """
        if_alive = expected_orders_if_alive(
            self.r + histories.repeats,
            self.alpha + histories.age,
            self.a,
            self.b + histories.repeats + int(self.first_can_be_last),
            duration,
        )
        return self.probability_alive(histories) * if_alive

    def probability_of_order(
        self, histories: Histories, duration: float | np.ndarray
    ) -> np.ndarray:
        """Return the probability of an order within a duration."""
        rate = self.alpha + histories.age
        none = np.exp((self.r + histories.repeats) * np.log(rate / (rate + duration)))
        return self.probability_alive(histories) * (1 - none)

    def expected_of_new(self, duration: np.ndarray) -> np.ndarray:
        """Return the repeat orders that a new customer is expected to make.

        Parameters
        ----------
        duration : array of shape (n,)
            Time since the first order, 0 or more.

        Returns
        -------
        array of shape (n,)
        """
        shift = int(self.first_can_be_last)
        alive = self.b / (self.a + self.b) if shift else 1.0
        return alive * expected_orders_if_alive(
            self.r, self.alpha, self.a, self.b + shift, duration
        )


def fit_bg_nbd(histories: Histories, *, first_can_be_last: bool = False) -> BgNbd:
    """Fit BG/NBD, or MBG/NBD, by maximum likelihood.

    Parameters
    ----------
    histories : Histories
        With at least one repeat order and one age above 0.
    first_can_be_last : bool
        MBG/NBD.

    Returns
    -------
    BgNbd

    Raises
    ------
    ValueError
        If nobody has ordered twice.
    """
    if not (histories.count * histories.repeats).sum() > 0:
        raise ValueError("no customer has ordered on two days")
    weight = histories.count.sum()
    scale = (histories.count * histories.age).sum() / weight

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        return log_likelihood(parameters, histories, first_can_be_last)

    starts = [(r, share * scale, a, b) for r, share, a, b in STARTS]
    fit = maximise(objective, starts, weight)
    return BgNbd(*fit.parameters, first_can_be_last, fit)


def log_likelihood(
    parameters: np.ndarray, histories: Histories, first_can_be_last: bool, k: int = 1
) -> tuple[float, np.ndarray]:
    """Return the log-likelihood of histories and its gradient.

    Parameters
    ----------
    parameters : array of shape (4,)
        r, alpha, a and b, above 0.
    histories : Histories
    first_can_be_last : bool
        MBG/NBD.
    k : int
        Steps, each at the customer's rate, that an order takes: 1 in BG/NBD; more of
        them are more regular gaps (`mbg_cnbd_k`).

    Returns
    -------
    float
    array of shape (4,)
        Derivatives by r, alpha, a and b.
    """
    r, alpha, a, b = parameters
    x, count, shift = histories.repeats, histories.count, int(first_can_be_last)
    until_end, until_last = alpha + histories.age, alpha + histories.last
    log_ratio = np.log(until_end / until_last)
    # What depends on the repeats alone, once for each number of them.
    distinct, place = histories.distinct_repeats
    steps = r + k * distinct
    shape = steps[place]
    # Orders kept up, then either still alive, or dropped out after the last one.
    kept = b + distinct + shift
    can_drop = np.ones(len(distinct), dtype=bool) if shift else distinct > 0
    before_last = np.where(can_drop, kept - 1, 1.0)
    prior_odds = np.where(can_drop, np.log(a) - np.log(before_last), -np.inf)
    quiet, quiet_by_r, quiet_by_alpha = _log_quiet(shape, until_end, until_last, k)
    log_odds = prior_odds[place] + shape * log_ratio
    value = (
        (gammaln(steps) - gammaln(r) + r * np.log(alpha))[place]
        - shape * np.log(until_end)
        + betaln(a, kept)[place]
        - betaln(a, b)
        + np.logaddexp(quiet, log_odds)
    )
    dropped = np.where(
        can_drop[place], 1 / (1 + np.exp(np.clip(quiet - log_odds, -700, 700))), 0.0
    )
    by_r = (digamma(steps) - digamma(r))[place]
    by_r = by_r + np.log(alpha / until_end) + dropped * log_ratio
    by_r += (1 - dropped) * quiet_by_r
    by_alpha = (
        r / alpha
        - shape / until_end
        + dropped * shape * (1 / until_end - 1 / until_last)
        + (1 - dropped) * quiet_by_alpha
    )
    both = digamma(a + b) - digamma(a + kept)
    by_a = both[place] + dropped / a
    by_b = (digamma(kept) - digamma(b) + both)[place] - dropped / before_last[place]
    gradient = np.array([count @ each for each in (by_r, by_alpha, by_a, by_b)])
    gaps = (k - 1) * histories.log_gaps - gammaln(k) * (count @ x)
    return float(count @ value + gaps), gradient


def stage_weights(shape: np.ndarray, share: np.ndarray, k: int) -> np.ndarray:
    """Return how likely each step is the last one taken on the way to an order.

    Parameters
    ----------
    shape : array of shape (n,)
        Of the customer's own gamma distribution of rates.
    share : array of shape (n,)
        Of its rate (the time) that has passed since the last order, 0..1.
    k : int
        Steps that an order takes, 1 or more.

    Returns
    -------
    array of shape (k, n)
        Odds of 0..k - 1 steps against none, of a customer who is alive; 1 of none.
    """
    weights = np.ones((k, len(shape)))
    for step in range(1, k):
        weights[step] = weights[step - 1] * share * (shape + step - 1) / step
    return weights


def _log_quiet(
    shape: np.ndarray, until_end: np.ndarray, until_last: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how much likelier k > 1 makes a pause, and its derivatives by r, alpha."""
    weights = stage_weights(shape, 1 - until_last / until_end, k)
    total = weights.sum(axis=0)
    steps = np.arange(k)[:, None]
    rising = np.cumsum(1 / (shape + steps), axis=0) - 1 / (shape + steps)
    by_r = (weights * rising).sum(axis=0) / total
    by_alpha = -(weights * steps).sum(axis=0) / total / until_end
    return np.log(total), by_r, by_alpha


def expected_orders_if_alive(
    r: float | np.ndarray,
    alpha: float | np.ndarray,
    a: float | np.ndarray,
    b: float | np.ndarray,
    duration: float | np.ndarray,
) -> np.ndarray:
    """Return the orders expected of a customer who is alive.

    Equation 9 of Fader, Hardie and Lee after Euler's transformation, by which no
    argument of the hypergeometric function grows with the orders except in a ratio near
    1. That keeps it finite for hundreds of orders.

    Parameters
    ----------
    r, alpha : float or array of shape (n,)
        Of the customer's own gamma distribution of order rates.
    a, b : float or array of shape (n,)
        Of the customer's own beta distribution of the probability to drop out.
    duration : float or array of shape (n,)
        0 or more, in the unit of alpha.

    Returns
    -------
    array of shape (n,)
        0 or more.
    """
    a = np.where(np.abs(np.asarray(a) - 1) < NEAR_ONE, 1 + NEAR_ONE, a)
    share = duration / (alpha + duration)
    total = a + b - 1
    with np.errstate(invalid="ignore", over="ignore"):
        tail = np.exp((a - 1) * np.log1p(-share)) * hyp2f1(
            a - 1, total - r, total, share
        )
        # As published, where nearly everybody drops out at once and a is large.
        published = np.exp(r * np.log1p(-share)) * hyp2f1(r, b, total, share)
        tail = np.where(np.isfinite(tail), tail, published)
        expected = total / (a - 1) * (1 - tail)
    # Where almost nobody ever drops out, digits cancel.
    without_dropout = r * duration / alpha
    return np.clip(
        np.where(np.isfinite(expected), expected, without_dropout), 0, without_dropout
    )
