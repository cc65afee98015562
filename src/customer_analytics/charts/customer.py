"""Charts of one customer: purchases, segments over time, forecasts."""

import altair as alt
import pandas as pd

from customer_analytics.charts.parts import roomy, valued
from customer_analytics.charts.theme import (
    BLUE,
    ORANGE,
    bottom_legend,
    categories,
    money_axis,
    row_height,
)

BOUGHT, RETURNED = "Bought", "Returned later"


def purchases_by_month(orders: pd.DataFrame, *, currency: str) -> alt.LayerChart:
    """Draw what a customer bought each month, and below zero what came back of it.

    Parameters
    ----------
    orders : DataFrame, a row per order
        ``ordered_at``, ``gross_amount`` and ``returned_amount``.
    currency : str
        Name of the currency.
    """
    months = (
        orders.assign(
            month=orders["ordered_at"].dt.to_period("M").dt.to_timestamp(),
            returned_amount=-orders["returned_amount"],
        )
        .groupby("month")[["gross_amount", "returned_amount"]]
        .sum()
        .rename(columns={"gross_amount": BOUGHT, "returned_amount": RETURNED})
        .reset_index()
        .melt("month", var_name="kind", value_name="amount")
    )
    bars = (
        alt.Chart(months[months["amount"] != 0], height=240)
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format="%b %Y")),
            y=alt.Y(
                "amount:Q",
                axis=money_axis("Amount", currency),
                scale=roomy(months["amount"], 0.2),
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=[BOUGHT, RETURNED], range=[BLUE, ORANGE]),
                legend=bottom_legend(),
            ),
            tooltip=[
                alt.Tooltip("yearmonth(month):T", title="Month", format="%B %Y"),
                alt.Tooltip("kind:N", title="What"),
                alt.Tooltip("amount:Q", title=f"Amount ({currency})", format=",.0f"),
            ],
        )
    )
    # What came back is small, and its place is below.
    return valued(bars, "amount", ".3~s", turned=True, only=f"datum.kind == '{BOUGHT}'")


def segments_over_time(history: pd.DataFrame) -> alt.Chart:
    """Draw which segment a customer was in, month by month and way of grouping.

    Parameters
    ----------
    history : DataFrame, a row per way of grouping and month
        ``grouping``, ``segment`` and ``snapshot_date``.
    """
    names = list(history["segment"].drop_duplicates())
    spans = history.assign(
        # A month is as wide as itself, whatever others there are.
        until=history["snapshot_date"] + pd.DateOffset(months=1)
    )
    return (
        alt.Chart(spans, height=row_height(history["grouping"].nunique(), 34, 80))
        .mark_bar(height=22)
        .encode(
            x=alt.X("snapshot_date:T", title=None, axis=alt.Axis(format="%b %Y")),
            x2="until:T",
            y=alt.Y("grouping:N", title=None, axis=alt.Axis(labelLimit=110)),
            color=alt.Color(
                "segment:N",
                scale=categories(names),
                legend=alt.Legend(
                    title=None, orient="bottom", columns=1, labelLimit=200
                ),
            ),
            tooltip=[
                alt.Tooltip("snapshot_date:T", title="As of", format="%Y-%m-%d"),
                alt.Tooltip("grouping:N", title="Grouped by"),
                alt.Tooltip("segment:N", title="Segment"),
            ],
        )
    )


def forecast_intervals(horizons: pd.DataFrame, *, currency: str) -> alt.LayerChart:
    """Draw what a customer is expected to bring, with the 80 % interval.

    Parameters
    ----------
    horizons : DataFrame, a row per horizon
        ``horizon_days``, ``predicted_amount``, ``low_amount`` and ``high_amount``;
        null bounds draw none.
    currency : str
        Name of the currency.
    """
    named = horizons.assign(
        horizon=horizons["horizon_days"].astype(str) + " days",
        label=horizons["predicted_amount"].map("{:,.0f}".format),
    )
    base = alt.Chart(named).encode(
        y=alt.Y("horizon:N", title=None, sort=list(named["horizon"])),
        tooltip=[
            alt.Tooltip("horizon:N", title="In the next"),
            alt.Tooltip(
                "predicted_amount:Q", title=f"Expected ({currency})", format=",.0f"
            ),
            alt.Tooltip("low_amount:Q", title="80 % interval from", format=",.0f"),
            alt.Tooltip("high_amount:Q", title="to", format=",.0f"),
        ],
    )
    interval = base.mark_bar(height=10, opacity=0.35, color=BLUE).encode(
        x=alt.X("low_amount:Q", axis=money_axis("Amount", currency)), x2="high_amount:Q"
    )
    mean = base.mark_point(filled=True, size=110, opacity=1, color=BLUE).encode(
        x="predicted_amount:Q"
    )
    text = base.mark_text(dy=-14, fontSize=12).encode(
        x="predicted_amount:Q", text="label:N"
    )
    return (interval + mean + text).properties(height=row_height(len(named), 48))
