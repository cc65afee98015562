"""Map probabilities to what came of such probabilities before."""

from collections.abc import Callable

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from customer_analytics.predictions.level import log_odds

SIGMOID, ISOTONIC = "sigmoid", "isotonic"
Calibrator = Callable[[np.ndarray], np.ndarray]


def calibrator(
    method: str, probabilities: np.ndarray, outcomes: np.ndarray
) -> Calibrator:
    """Return a function that calibrates probabilities.

    Parameters
    ----------
    method : str
        'sigmoid' (a straight line in log-odds; Platt 1999) or 'isotonic' (any rising
        function; Zadrozny and Elkan 2002; one tenth is left as it was, so that
        different probabilities stay different).
    probabilities : float array of shape (n,)
        Out-of-time predictions of earlier cut-offs; may be empty.
    outcomes : bool array of shape (n,)
        What came of them.

    Returns
    -------
    callable
        From and to float arrays of probabilities. Without both outcomes to learn from
        it changes nothing.

    Raises
    ------
    ValueError
        If the method is neither.
    """
    if method not in (SIGMOID, ISOTONIC):
        raise ValueError(f"method={method!r}, must be {SIGMOID!r} or {ISOTONIC!r}")
    if len(np.unique(outcomes)) < 2:
        return lambda given: given
    if method == SIGMOID:
        line = LogisticRegression(C=1e3).fit(log_odds(probabilities)[:, None], outcomes)
        return lambda given: line.predict_proba(log_odds(given)[:, None])[:, 1]
    steps = IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=1.0)
    steps.fit(probabilities, outcomes.astype(float))
    return lambda given: 0.9 * steps.predict(given) + 0.1 * given
