"""Charts of cohorts: retention and cumulative value."""

import altair as alt
import pandas as pd

from customer_analytics.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    SEQUENTIAL,
    money_axis,
    money_title,
    row_height,
)


def retention_heat_map(cohorts: pd.DataFrame) -> alt.LayerChart:
    """Draw which share of a cohort ordered again in each later month.

    Parameters
    ----------
    cohorts : DataFrame, a row per cohort and month
        ``cohort_month`` (date), ``month_number`` (0, the month of the first order, is
        left out: it is always 1), ``cohort_size``, ``active_customer_count``,
        ``retention_rate`` (0 to 1) and ``is_complete``.
    """
    later = cohorts[cohorts["month_number"] > 0].assign(
        cohort=lambda frame: frame["cohort_month"].dt.strftime("%Y-%m")
    )
    top = later["retention_rate"].max() if len(later) else 1.0
    base = alt.Chart(later, height=row_height(later["cohort"].nunique(), 20)).encode(
        x=alt.X(
            "month_number:O",
            title="Months after the first order",
            axis=alt.Axis(labelAngle=0, labelOverlap=True),
        ),
        y=alt.Y("cohort:O", title="Month of the first order"),
        tooltip=[
            alt.Tooltip("cohort:N", title="Cohort"),
            alt.Tooltip("month_number:Q", title="Months after"),
            alt.Tooltip("retention_rate:Q", title="Ordered in it", format=".1%"),
            alt.Tooltip("active_customer_count:Q", title="Customers", format=",d"),
            alt.Tooltip("cohort_size:Q", title="Of", format=",d"),
            alt.Tooltip("is_complete:N", title="Whole month"),
        ],
    )
    return base.mark_rect().encode(
        color=alt.Color(
            "retention_rate:Q",
            scale=alt.Scale(scheme=SEQUENTIAL, domain=[0, top]),
            legend=alt.Legend(
                title="Share that ordered in the month",
                orient="bottom",
                format=".0%",
                titleLimit=300,
            ),
        ),
        opacity=alt.condition("datum.is_complete", alt.value(1), alt.value(0.55)),
    )


def retention_by_age(months: pd.DataFrame) -> alt.LayerChart:
    """Draw retention over all cohorts by months since the first order.

    Parameters
    ----------
    months : DataFrame, a row per month number
        ``month_number``, ``retention_rate`` (of all cohorts seen so long),
        ``lowest_rate``, ``highest_rate`` (of single cohorts) and ``cohort_count``.
    """
    base = alt.Chart(months, height=260).encode(
        x=alt.X(
            "month_number:Q",
            title="Months after the first order",
            axis=alt.Axis(format="d", tickMinStep=1),
        ),
        tooltip=[
            alt.Tooltip("month_number:Q", title="Months after"),
            alt.Tooltip("retention_rate:Q", title="All cohorts", format=".1%"),
            alt.Tooltip("lowest_rate:Q", title="Lowest cohort", format=".1%"),
            alt.Tooltip("highest_rate:Q", title="Highest cohort", format=".1%"),
            alt.Tooltip("cohort_count:Q", title="Cohorts"),
        ],
    )
    return base.mark_area(opacity=0.3, color=GREY).encode(
        y=alt.Y(
            "lowest_rate:Q",
            axis=alt.Axis(title="Share that ordered in the month", format=".0%"),
        ),
        y2="highest_rate:Q",
    ) + base.mark_line(color=BLUE, point={"color": BLUE}).encode(y="retention_rate:Q")


def cumulative_value(cohorts: pd.DataFrame, *, currency: str) -> alt.Chart:
    """Draw what a customer of each cohort has brought, month by month.

    Parameters
    ----------
    cohorts : DataFrame, a row per cohort and month
        ``cohort_month`` (date), ``month_number`` and
        ``cumulative_amount_per_customer``.
    currency : str
        Name of the currency.
    """
    return (
        alt.Chart(cohorts, height=340)
        .mark_line()
        .encode(
            x=alt.X("month_number:Q", title="Months after the first order"),
            y=alt.Y(
                "cumulative_amount_per_customer:Q",
                axis=money_axis("Net amount per customer so far", currency),
            ),
            color=alt.Color(
                "cohort_month:T",
                # Not the usual ramp: its dark end is no line on dark ground.
                scale=alt.Scale(range=[BLUE, ORANGE]),
                legend=alt.Legend(
                    title="Month of the first order",
                    orient="bottom",
                    format="%Y-%m",
                    tickCount=4,
                ),
            ),
            detail="cohort_month:T",
            tooltip=[
                alt.Tooltip("cohort_month:T", title="Cohort", format="%Y-%m"),
                alt.Tooltip("month_number:Q", title="Months after"),
                alt.Tooltip(
                    "cumulative_amount_per_customer:Q",
                    title=money_title("Per customer", currency),
                    format=",.0f",
                ),
            ],
        )
    )
