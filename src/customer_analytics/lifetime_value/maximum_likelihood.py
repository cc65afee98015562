"""Maximum likelihood of positive parameters, from several starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

# Logarithms of the parameters stay within these: beyond, the likelihood is flat.
LOG_BOUND = 11.0


@dataclass(frozen=True)
class Fit:
    """Parameters at the highest likelihood found.

    Attributes
    ----------
    parameters : tuple of float
        All above 0.
    log_likelihood : float
    is_converged : bool
        The gradient is flat there, or the parameter at its bound, and a second start
        ends at the same likelihood.
    message : str
        What is wrong where it is not, or that a parameter is at its bound; else empty.
    """

    parameters: tuple[float, ...]
    log_likelihood: float
    is_converged: bool
    message: str


def maximise(
    log_likelihood: Callable[[np.ndarray], tuple[float, np.ndarray]],
    starts: Sequence[Sequence[float]],
    weight: float,
) -> Fit:
    """Maximise a log-likelihood over the logarithms of its parameters.

    Parameters
    ----------
    log_likelihood : callable
        Of the parameters; returns value and gradient of shape (n_parameters,).
    starts : sequence of sequence of float
        Parameters to start from, above 0.
    weight : float
        Customers; values are compared per customer.

    Returns
    -------
    Fit
    """

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(logs)
        value, gradient = log_likelihood(parameters)
        return -value / weight, -gradient * parameters / weight

    bounds = [(-LOG_BOUND, LOG_BOUND)] * len(starts[0])
    ends = [
        minimize(
            objective,
            np.log(start),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 300, "ftol": 1e-12, "gtol": 1e-7},
        )
        for start in starts
    ]
    finite = [end for end in ends if np.isfinite(end.fun)]
    best = min(finite, key=lambda end: end.fun)
    agreeing = sum(end.fun - best.fun < 1e-4 for end in finite)
    at_bound = np.abs(best.x) > LOG_BOUND - 1e-3
    is_flat = np.abs(best.jac[~at_bound]).max(initial=0.0) < 1e-3
    message = ""
    if not is_flat:
        message = "the gradient is not flat"
    elif len(starts) > 1 and agreeing < 2:
        message = "only one start ended at the best likelihood"
    elif at_bound.any():
        message = "a parameter is at its bound"
    return Fit(
        tuple(float(value) for value in np.exp(best.x)),
        float(-best.fun * weight),
        bool(is_flat and (agreeing > 1 or len(starts) == 1)),
        message,
    )
