"""Repeat orders of regular buyers by MBG/CNBD-k.

As MBG/NBD, but an order takes k steps, each at the customer's rate: gaps between
orders are Erlang-k, the more regular the larger k is, and a long pause says more. With
k = 1 it is MBG/NBD.

References
----------
Reutterer, Platzer and Schroeder (2021), Leveraging purchase regularity for predicting
customer behavior the easy way, IJRM 38(1), 194-215. Chatfield and Goodhardt (1973), A
consumer purchasing model with Erlang inter-purchase times, JASA 68(344), 828-835.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from customer_analytics.lifetime_value.bg_nbd import (
    BgNbd,
    log_likelihood,
    stage_weights,
)
from customer_analytics.lifetime_value.histories import Histories
from customer_analytics.lifetime_value.maximum_likelihood import Fit, maximise

MOST_STEPS = 12
# Orders that are so unlikely that they and all later ones are left out.
SMALLEST = 1e-10


@dataclass(frozen=True)
class MbgCnbdK:
    """A fitted MBG/CNBD-k model.

    Attributes
    ----------
    k : int
        Steps that an order takes, 1 or more.
    r, alpha : float
        Shape and rate of the gamma distribution of the rates of steps; alpha is in the
        unit of time of the histories.
    a, b : float
        Of the beta distribution of the probability to drop out after an order.
    fit : Fit
        Of which the parameters are r, alpha, a and b.
    """

    k: int
    r: float
    alpha: float
    a: float
    b: float
    fit: Fit

    def log_quiet(self, histories: Histories) -> np.ndarray:
        """Return the logarithm of how much likelier the steps make the pause so far.

        Parameters
        ----------
        histories : Histories

        Returns
        -------
        array of shape (n_histories,)
            0 or more; 0 with k = 1.
        """
        return np.log(self._weights(histories).sum(axis=0))

    def probability_alive(self, histories: Histories) -> np.ndarray:
        """Return the probability of not having dropped out, of shape (n_histories,)."""
        log_odds = (
            np.log(self.a)
            - np.log(self.b + histories.repeats)
            + (self.r + self.k * histories.repeats)
            * np.log((self.alpha + histories.age) / (self.alpha + histories.last))
        )
        return np.exp(-np.logaddexp(0, log_odds - self.log_quiet(histories)))

    def orders_if_alive(
        self, histories: Histories, duration: float | np.ndarray
    ) -> np.ndarray:
        """Return the orders expected within a duration of customers who are alive.

        Parameters
        ----------
        histories : Histories
        duration : float or array of shape (n_histories,)
            From the end of what is known, 0 or more.

        Returns
        -------
        array of shape (n_histories,)
            Finite, 0 or more.
        """
        weights = self._weights(histories)
        weights = weights / weights.sum(axis=0)
        rate = self.alpha + histories.age
        share = np.broadcast_to(duration / (rate + duration), rate.shape)
        shape = self.r + self.k * histories.repeats
        kept = self.b + histories.repeats + 1
        total = np.zeros(len(rate))
        for stage in range(self.k):
            total += weights[stage] * orders_from_stage(
                stage, self.k, shape, share, self.a, kept
            )
        return total

    def expected_orders(
        self, histories: Histories, duration: float | np.ndarray
    ) -> np.ndarray:
        """Return the orders to expect within a duration from the end of what is known.

        See `orders_if_alive`; not only of customers who are alive.
        """
        alive = self.probability_alive(histories)
        return alive * self.orders_if_alive(histories, duration)

    def _weights(self, histories: Histories) -> np.ndarray:
        shape = self.r + self.k * histories.repeats
        share = (histories.age - histories.last) / (self.alpha + histories.age)
        return stage_weights(shape, share, self.k)


def orders_from_stage(
    stage: int,
    k: int,
    shape: np.ndarray,
    share: np.ndarray,
    a: float | np.ndarray,
    kept: np.ndarray,
) -> np.ndarray:
    """Return the orders expected of customers who are alive, by the steps they took.

    The sum of the probabilities of a first, second ... order: that of enough steps
    (negative binomial) and of not having dropped out after the orders before.

    Parameters
    ----------
    stage : int
        Steps taken since the last order, 0..k - 1.
    k : int
        Steps that an order takes, 1 or more.
    shape : array of shape (n,)
        Of the customer's own gamma distribution of rates, by the orders alone.
    share : array of shape (n,)
        Of the time known and ahead, how much lies ahead, 0..1.
    a : float or array of shape (n,)
        First parameter of the beta distribution of the probability to drop out.
    kept : array of shape (n,)
        Second parameter of the customer's own one.

    Returns
    -------
    array of shape (n,)
        0 or more.
    """
    total = np.zeros(len(shape))
    a = np.broadcast_to(a, shape.shape)
    rows, stays, order = np.arange(len(shape)), np.ones(len(shape)), 1
    while len(rows):
        chance = stays * betainc(order * k - stage, shape[rows] + stage, share[rows])
        total[rows] += chance
        going_on = chance > SMALLEST
        rows, stays = rows[going_on], stays[going_on]
        others = kept[rows] + order - 1
        stays = stays * others / (a[rows] + others)
        order += 1
    return total


def fit_mbg_cnbd_k(histories: Histories, simple: BgNbd) -> MbgCnbdK:
    """Fit MBG/CNBD-k by maximum likelihood, with the likeliest k.

    Parameters
    ----------
    histories : Histories
        With their ``log_gaps``.
    simple : BgNbd
        MBG/NBD fitted to them, which is k = 1.

    Returns
    -------
    MbgCnbdK
        Of k = 1, 2, ... 12 up to where the likelihood falls.
    """
    best = MbgCnbdK(1, *(simple.r, simple.alpha, simple.a, simple.b), simple.fit)
    for k in range(2, MOST_STEPS + 1):
        # As many orders in the same time.
        start = (best.r, best.alpha * best.k / k, best.a, best.b)

        def objective(parameters: np.ndarray, k: int = k) -> tuple[float, np.ndarray]:
            return log_likelihood(parameters, histories, True, k)

        fit = maximise(objective, [start], histories.count.sum())
        if fit.log_likelihood <= best.fit.log_likelihood:
            break
        best = MbgCnbdK(k, *fit.parameters, fit)
    return best
