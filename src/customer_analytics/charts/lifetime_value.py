"""Charts of lifetime value: forecasts, and how they compared with what came."""

import altair as alt
import pandas as pd

from customer_analytics.charts.parts import paired_shares, roomy, valued
from customer_analytics.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    SHORT_LABELS,
    bottom_legend,
    money_axis,
    money_title,
    share_axis,
)

PREDICTED, ACTUAL = "Predicted", "Came"
BOTH = alt.Scale(domain=[PREDICTED, ACTUAL], range=[BLUE, ORANGE])


def actual_vs_predicted(customers: pd.DataFrame, *, currency: str) -> alt.LayerChart:
    """Draw past forecasts against what came, customer by customer.

    Parameters
    ----------
    customers : DataFrame, a row per customer and cut-off, a few thousand at most
        ``customer_id``, ``cutoff_date``, ``predicted_amount`` and ``actual_amount``.
        Scales are logarithmic above 10 and even below it, so that customers who
        bought nothing have a place.
    currency : str
        Name of the currency.
    """
    top = float(customers[["predicted_amount", "actual_amount"]].max().max())
    ticks = [0, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
    scale = alt.Scale(type="symlog", constant=10, domain=[0, max(top, 10.0)])
    diagonal = (
        alt.Chart(
            pd.DataFrame({"amount": [0.0, *(t for t in ticks[1:] if t < top), top]})
        )
        .mark_line(strokeDash=[4, 4], color=GREY)
        .encode(x=alt.X("amount:Q", scale=scale), y=alt.Y("amount:Q", scale=scale))
    )
    points = (
        alt.Chart(customers)
        .mark_circle(size=22, opacity=0.4, color=BLUE, clip=True)
        .encode(
            x=alt.X(
                "predicted_amount:Q",
                scale=scale,
                axis=alt.Axis(
                    title=money_title("Predicted", currency),
                    values=ticks,
                    labelExpr=SHORT_LABELS,
                ),
            ),
            y=alt.Y(
                "actual_amount:Q",
                scale=scale,
                axis=alt.Axis(
                    title=money_title("Came", currency),
                    values=ticks,
                    labelExpr=SHORT_LABELS,
                ),
            ),
            tooltip=[
                alt.Tooltip("customer_id:N", title="Customer"),
                alt.Tooltip("cutoff_date:T", title="Predicted on", format="%Y-%m-%d"),
                alt.Tooltip("predicted_amount:Q", title="Predicted", format=",.0f"),
                alt.Tooltip("actual_amount:Q", title="Came", format=",.0f"),
            ],
        )
    )
    return alt.layer(diagonal, points).properties(height=380)


def deciles(calibration: pd.DataFrame, *, currency: str) -> alt.Chart:
    """Draw predicted and actual mean amounts by tenth of the forecasts.

    Parameters
    ----------
    calibration : DataFrame, a row per decile
        ``decile`` (10: the highest forecasts), ``mean_predicted_amount`` and
        ``mean_actual_amount``.
    currency : str
        Name of the currency.
    """
    names = {"mean_predicted_amount": PREDICTED, "mean_actual_amount": ACTUAL}
    long = calibration.melt(
        "decile", list(names), var_name="what", value_name="amount"
    ).replace({"what": names})
    bars = (
        alt.Chart(long, height=300)
        .mark_bar()
        .encode(
            x=alt.X(
                "decile:O",
                title="Tenth of the customers, highest forecasts last",
                axis=alt.Axis(labelAngle=0),
            ),
            xOffset=alt.XOffset("what:N", sort=[PREDICTED, ACTUAL]),
            y=alt.Y(
                "amount:Q",
                axis=money_axis("Mean per customer", currency),
                scale=roomy(long["amount"], 0.2),
            ),
            color=alt.Color("what:N", scale=BOTH, legend=bottom_legend()),
            tooltip=[
                alt.Tooltip("decile:O", title="Tenth"),
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("amount:Q", title="Mean", format=",.0f"),
            ],
        )
    )
    return valued(bars, "amount", ".3~s", turned=True)


def value_tiers(tiers: pd.DataFrame) -> alt.Chart:
    """Draw the share of customers in each tier beside its share of the forecast.

    Parameters
    ----------
    tiers : DataFrame, a row per tier, best first
        ``value_tier``, ``customer_share`` and ``predicted_share`` (0 to 1).
    """
    return paired_shares(
        tiers,
        "value_tier",
        title="Tier",
        measures={"customer_share": "Customers", "predicted_share": "Predicted amount"},
        order=list(tiers["value_tier"]),
        height=300,
    )


def interval_coverage(cutoffs: pd.DataFrame) -> alt.LayerChart:
    """Draw how often amounts came within their 80 % interval, date by date.

    Parameters
    ----------
    cutoffs : DataFrame, a row per horizon and cut-off
        ``horizon`` (as text, such as '90 days'), ``cutoff_date`` (date),
        ``interval_coverage`` (0 to 1) and ``n``.
    """
    names = list(dict.fromkeys(cutoffs["horizon"]))
    scale = alt.Scale(domain=[min(0.5, cutoffs["interval_coverage"].min()), 1])
    points = (
        alt.Chart(cutoffs)
        .mark_point(size=80, filled=True, opacity=1)
        .encode(
            x=alt.X(
                "cutoff_date:T",
                axis=alt.Axis(title="Predicted on", format="%b %Y", tickCount=4),
            ),
            y=alt.Y(
                "interval_coverage:Q",
                axis=share_axis("Share that came within the interval"),
                scale=scale,
            ),
            color=alt.Color(
                "horizon:N",
                scale=alt.Scale(domain=names, range=[BLUE, ORANGE, GREY]),
                legend=bottom_legend("Forecast of"),
            ),
            shape=alt.Shape("horizon:N", sort=names),
            tooltip=[
                alt.Tooltip("horizon:N", title="Forecast of"),
                alt.Tooltip("cutoff_date:T", title="Predicted on", format="%Y-%m-%d"),
                alt.Tooltip("interval_coverage:Q", title="Within", format=".1%"),
                alt.Tooltip("n:Q", title="Customers", format=",d"),
            ],
        )
    )
    aim = (
        alt.Chart(pd.DataFrame({"coverage": [0.8]}))
        .mark_rule(strokeDash=[4, 4], color=GREY, size=2)
        .encode(y=alt.Y("coverage:Q", scale=scale))
    )
    return alt.layer(aim, points).properties(height=280)


def forecast_by_month(months: pd.DataFrame, *, currency: str) -> alt.Chart:
    """Draw what today's customers are expected to order, beside a year ago.

    Parameters
    ----------
    months : DataFrame, a row per month to come
        ``forecast_month`` (date), ``expected_amount`` and ``last_year_known_amount``
        (of customers who were known a year before; null where unknown).
    currency : str
        Name of the currency.
    """
    names = {
        "expected_amount": "Expected",
        "last_year_known_amount": "A year before, of the customers known then",
    }
    long = months.melt(
        "forecast_month", list(names), var_name="what", value_name="amount"
    ).replace({"what": names})
    return (
        alt.Chart(long, height=280)
        .mark_line(point=True)
        .encode(
            x=alt.X("yearmonth(forecast_month):T", title="Month to come"),
            y=alt.Y("amount:Q", axis=money_axis("Net amount", currency)),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=list(names.values()), range=[BLUE, GREY]),
                legend=bottom_legend(columns=1),
            ),
            strokeDash=alt.StrokeDash("what:N", sort=list(names.values()), legend=None),
            tooltip=[
                alt.Tooltip("forecast_month:T", title="Month", format="%B %Y"),
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("amount:Q", title="Amount", format=",.0f"),
            ],
        )
    )
