"""How far to trust a score, in a marketer's words: good, fair or weak, and why.

Each verdict comes with what it means for acting on it, and with the statistics it
rests on, each beside what is a good value of it.
"""

from customer_analytics.trust.groups import (
    campaigns,
    counted_only,
    recommendations,
    rules,
    segments,
)
from customer_analytics.trust.levels import Statistic, Trust
from customer_analytics.trust.scores import (
    first_order_amount,
    lifetime_value,
    prediction,
)

__all__ = [
    "Statistic",
    "Trust",
    "campaigns",
    "counted_only",
    "first_order_amount",
    "lifetime_value",
    "prediction",
    "recommendations",
    "rules",
    "segments",
]
