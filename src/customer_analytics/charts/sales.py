"""Charts of sales: months, weekday and hour, countries."""

import altair as alt
import pandas as pd

from customer_analytics.charts.parts import roomy, valued
from customer_analytics.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    SEQUENTIAL,
    SHORT_LABELS,
    bottom_legend,
    money_axis,
    money_title,
    powers_of_ten,
    row_height,
)

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def monthly_sales(months: pd.DataFrame, *, currency: str) -> alt.Chart:
    """Draw net amounts by month; months that the data cover in part are grey.

    Parameters
    ----------
    months : DataFrame, a row per month
        ``sales_month`` (date), ``net_amount``, ``order_count`` and ``is_complete``.
    currency : str
        Name of the currency, for axis and tooltip.
    """
    bars = (
        alt.Chart(months, height=280)
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(sales_month):T", title="Month"),
            y=alt.Y(
                "net_amount:Q",
                axis=money_axis("Net amount", currency),
                scale=roomy(months["net_amount"], 0.2),
            ),
            color=alt.condition("datum.is_complete", alt.value(BLUE), alt.value(GREY)),
            tooltip=[
                alt.Tooltip("sales_month:T", title="Month", format="%B %Y"),
                alt.Tooltip(
                    "net_amount:Q",
                    title=money_title("Net amount", currency),
                    format=",.0f",
                ),
                alt.Tooltip("order_count:Q", title="Orders", format=",d"),
                alt.Tooltip("is_complete:N", title="Whole month"),
            ],
        )
    )
    return valued(bars, "net_amount", ".3~s", turned=True)


def monthly_customers(months: pd.DataFrame) -> alt.Chart:
    """Draw orders and ordering customers by month.

    Parameters
    ----------
    months : DataFrame, a row per month
        ``sales_month`` (date), ``order_count`` and ``customer_count``.
    """
    names = {"order_count": "Orders", "customer_count": "Known customers"}
    long = months.melt(
        "sales_month", list(names), var_name="measure", value_name="count"
    ).replace({"measure": names})
    return (
        alt.Chart(long, height=280)
        .mark_line(point=True)
        .encode(
            x=alt.X("yearmonth(sales_month):T", title="Month"),
            y=alt.Y("count:Q", title="Count in the month"),
            color=alt.Color(
                "measure:N",
                scale=alt.Scale(domain=list(names.values()), range=[BLUE, ORANGE]),
                legend=bottom_legend(columns=2),
            ),
            strokeDash=alt.StrokeDash(
                "measure:N", sort=list(names.values()), legend=None
            ),
            tooltip=[
                alt.Tooltip("sales_month:T", title="Month", format="%B %Y"),
                alt.Tooltip("measure:N", title="What"),
                alt.Tooltip("count:Q", title="Count", format=",d"),
            ],
        )
    )


def weekday_hours(hours: pd.DataFrame) -> alt.Chart:
    """Draw when orders come in, as a map of weekday and hour.

    Parameters
    ----------
    hours : DataFrame, a row per weekday and hour with an order
        ``weekday`` (1 Monday to 7 Sunday), ``hour_of_day`` (0 to 23), ``order_count``.
    """
    named = hours.assign(day=[WEEKDAYS[day - 1] for day in hours["weekday"]])
    return (
        alt.Chart(named, height=210)
        .mark_rect()
        .encode(
            x=alt.X(
                "hour_of_day:O", title="Hour of the day", axis=alt.Axis(labelAngle=0)
            ),
            y=alt.Y("day:O", sort=WEEKDAYS, title=None),
            color=alt.Color(
                "order_count:Q",
                scale=alt.Scale(scheme=SEQUENTIAL),
                legend=alt.Legend(title="Orders", orient="bottom"),
            ),
            tooltip=[
                alt.Tooltip("day:N", title="Weekday"),
                alt.Tooltip("hour_of_day:O", title="Hour"),
                alt.Tooltip("order_count:Q", title="Orders", format=",d"),
            ],
        )
    )


def country_sales(countries: pd.DataFrame, *, currency: str) -> alt.Chart:
    """Draw net amounts by country, on a scale of powers of ten.

    One home country is often fifty times the next; a plain scale would hide the rest.

    Parameters
    ----------
    countries : DataFrame, a row per country
        ``country``, ``net_amount`` (above 0), ``order_count``, ``customer_count``.
    currency : str
        Name of the currency.
    """
    points = (
        alt.Chart(countries, height=row_height(len(countries)))
        .mark_circle(size=90, color=BLUE, opacity=1)
        .encode(
            x=alt.X(
                "net_amount:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(
                    title=money_title("Net amount, powers of ten", currency),
                    labelExpr=SHORT_LABELS,
                    values=powers_of_ten(
                        countries["net_amount"].min(), countries["net_amount"].max()
                    ),
                ),
            ),
            y=alt.Y("country:N", sort="-x", title=None),
            tooltip=[
                alt.Tooltip("country:N", title="Country"),
                alt.Tooltip(
                    "net_amount:Q",
                    title=money_title("Net amount", currency),
                    format=",.0f",
                ),
                alt.Tooltip("order_count:Q", title="Orders", format=",d"),
                alt.Tooltip("customer_count:Q", title="Customers", format=",d"),
            ],
        )
    )
    return valued(points, "net_amount", ".3~s", room=10)
