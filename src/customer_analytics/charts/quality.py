"""Charts of the data: what was left out, how features are spread."""

import altair as alt
import pandas as pd

from customer_analytics.charts.parts import roomy, valued
from customer_analytics.charts.theme import BLUE, row_height, share_axis


def excluded_lines(reasons: pd.DataFrame) -> alt.Chart:
    """Draw how many lines were left out, by reason.

    Parameters
    ----------
    reasons : DataFrame, a row per reason
        ``exclusion_reason`` and ``line_count``.
    """
    bars = (
        alt.Chart(reasons, height=row_height(len(reasons), 30))
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X(
                "line_count:Q",
                title="Lines left out",
                axis=alt.Axis(format="~s", tickCount=5),
                scale=roomy(reasons["line_count"]),
            ),
            y=alt.Y("exclusion_reason:N", sort="-x", title=None),
            tooltip=[
                alt.Tooltip("exclusion_reason:N", title="Reason"),
                alt.Tooltip("line_count:Q", title="Lines", format=",d"),
            ],
        )
    )
    return valued(bars, "line_count", ",d")


def feature_distribution(bins: pd.DataFrame, *, title: str) -> alt.Chart:
    """Draw how a feature is spread over the customers.

    Parameters
    ----------
    bins : DataFrame, a row per bin
        ``bin_number``, ``lowest_value``, ``highest_value`` and ``customer_share``. Bins
        are drawn equally wide and labelled with their lowest value, as most features
        have a long tail.
    title : str
        Name of the feature, with its unit.
    """
    ordered = bins.sort_values("bin_number")
    labelled = ordered.assign(
        label=[
            f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
            for value in ordered["lowest_value"]
        ]
    )
    bars = (
        alt.Chart(labelled, height=260)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("label:O", sort=None, title=f"{title}, from"),
            y=alt.Y(
                "customer_share:Q",
                axis=share_axis("Share of the customers"),
                scale=roomy(labelled["customer_share"], 0.2),
            ),
            tooltip=[
                alt.Tooltip("lowest_value:Q", title="From", format=",.4g"),
                alt.Tooltip("highest_value:Q", title="To", format=",.4g"),
                alt.Tooltip("customer_share:Q", title="Customers", format=".1%"),
            ],
        )
    )
    return valued(bars, "customer_share", ".0%", turned=True)
