"""Levels of trust, and the limits between them.

References
----------
Hosmer, Lemeshow, Sturdivant (2013), Applied Logistic Regression, 3rd edition, 5.2.4:
ROC-AUC of .7 is acceptable, of .8 excellent. Kaufman, Rousseeuw (1990), Finding Groups
in Data, 2.2.1: silhouettes below .25 show no structure, from .5 on a reasonable one.
Steinley (2004), Properties of the Hubert-Arabie adjusted Rand index, Psychological
Methods 9(3): .65 is moderate, .8 good. The other limits are this project's
(DECISIONS.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from customer_analytics.report.words import FIXED

GOOD, FAIR, WEAK, UNKNOWN = "good", "fair", "weak", "unknown"
LEVELS = (GOOD, FAIR, WEAK, UNKNOWN)
# From what on a value is good, and fair.
AUC = (0.8, 0.7)
SILHOUETTE = (0.5, 0.25)
BOOTSTRAP_ARI = (0.8, 0.65)
SPEARMAN = (0.5, 0.3)
HIT_RATE = (0.3, 0.1)
# Times the hit rate of best sellers that lists of their own have to reach to be good.
BETTER_THAN_POPULAR = 1.1
# Up to what a value is good, and fair.
CALIBRATION = (0.05, 0.10)
TOTAL_OFF = (0.10, 0.25)
LOST_CONFIDENCE = (0.05, 0.15)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Statistic:
    """One figure that a verdict rests on.

    Attributes
    ----------
    name, value, good : str
        What it is, what it is here, and what a good value of it is.
    """

    name: str
    value: str
    good: str


@dataclass(frozen=True)
class Trust:
    """How far to trust a score.

    Attributes
    ----------
    level : str
        One of ``LEVELS``.
    meaning : str
        Sentences: what it was at past dates, and what that means for acting on it.
    statistics : tuple of Statistic
    """

    level: str
    meaning: str
    statistics: tuple[Statistic, ...] = ()


def at_least(value: float | None, limits: tuple[float, float]) -> str:
    """Return the level of a value of which more is better."""
    if value is None or pd.isna(value):
        return UNKNOWN
    good, fair = limits
    return GOOD if value >= good else FAIR if value >= fair else WEAK


def at_most(value: float | None, limits: tuple[float, float]) -> str:
    """Return the level of a value of which less is better; its sign does not count."""
    if value is None or pd.isna(value):
        return UNKNOWN
    good, fair = limits
    return GOOD if abs(value) <= good else FAIR if abs(value) <= fair else WEAK


def lower_of(*levels: str) -> str:
    """Return the lowest of the levels that are known."""
    known = [level for level in levels if level != UNKNOWN]
    return max(known, key=LEVELS.index, default=UNKNOWN)


def figure(value: float | None, form: str = ".2f") -> str:
    """Return a statistic as it is read, a dash where it is unknown."""
    if value is None or pd.isna(value):
        return "–"
    return format(value, form).replace("%", f"{FIXED}%")
