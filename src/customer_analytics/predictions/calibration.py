"""Map probabilities to what came of such probabilities before."""

from dataclasses import dataclass

import duckdb
import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from customer_analytics.predictions.level import log_odds
from customer_analytics.predictions.training import Columns

SIGMOID, ISOTONIC = "sigmoid", "isotonic"
# How much of a probability a rising function of steps leaves as it was, so that
# different probabilities stay different.
LEFT = 0.1


@dataclass(frozen=True)
class Calibrator:
    """Calibrates probabilities.

    Attributes
    ----------
    line : LogisticRegression or None
        In log-odds.
    steps : IsotonicRegression or None
        Without either it changes nothing.
    """

    line: LogisticRegression | None = None
    steps: IsotonicRegression | None = None

    def __call__(self, given: np.ndarray) -> np.ndarray:
        """Return probabilities of shape (n,) for such of the same shape."""
        if self.line is not None:
            return self.line.predict_proba(log_odds(given)[:, None])[:, 1]
        if self.steps is not None:
            return (1 - LEFT) * self.steps.predict(given) + LEFT * given
        return given


def calibrator(
    method: str, probabilities: np.ndarray, outcomes: np.ndarray
) -> Calibrator:
    """Return what calibrates probabilities.

    Parameters
    ----------
    method : str
        'sigmoid' (a straight line in log-odds; Platt 1999) or 'isotonic' (any rising
        function; Zadrozny and Elkan 2002; one tenth is left as it was).
    probabilities : float array of shape (n,)
        Out-of-time predictions of earlier cut-offs; may be empty.
    outcomes : bool array of shape (n,)
        What came of them.

    Returns
    -------
    Calibrator
        Without both outcomes to learn from it changes nothing.

    Raises
    ------
    ValueError
        If the method is neither.
    """
    if method not in (SIGMOID, ISOTONIC):
        raise ValueError(f"method={method!r}, must be {SIGMOID!r} or {ISOTONIC!r}")
    if len(np.unique(outcomes)) < 2:
        return Calibrator()
    if method == SIGMOID:
        line = LogisticRegression(C=1e3, solver="newton-cholesky", tol=1e-8)
        line.fit(log_odds(probabilities)[:, None], outcomes)
        return Calibrator(line=line)
    steps = IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=1.0)
    steps.fit(probabilities, outcomes.astype(float))
    return Calibrator(steps=steps)


def calibrated_on(
    chosen: duckdb.DuckDBPyRelation, judged: duckdb.DuckDBPyRelation
) -> Columns:
    """Return levelled predictions before, and what came, of models that calibrate.

    Parameters
    ----------
    chosen : DuckDBPyRelation
        Rows of chosen_models that are served.
    judged : DuckDBPyRelation
        int_classifier_predictions.
    """
    calibrated = chosen.filter("variant in ('sigmoid', 'isotonic')")
    earlier = judged.filter("variant = 'level'").join(
        calibrated.project("target, model"), "target, model"
    )
    return earlier.order("target, cutoff_date, customer_id").fetchnumpy()
