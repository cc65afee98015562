"""Lifetime value: what customers will bring, and how true past forecasts were."""

import pandas as pd
import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import lifetime_value
from customer_analytics.dashboard.columns import date, money, percent, whole
from customer_analytics.dashboard.data import currency, query
from customer_analytics.dashboard.parts import (
    amount,
    badge,
    country_filter,
    day,
    header,
    how_sure,
    metrics,
    missing,
    number,
    rows_shown,
    share,
    show,
    statistics_wanted,
    table,
)
from customer_analytics.dashboard.views.lifetime_value_evidence import past
from customer_analytics.names import in_words

HORIZONS = """
select chosen.*, totals.predicted_amount, totals.predicted_amount_low,
    totals.predicted_amount_high, totals.customer_count,
    totals.last_period_amount, totals.last_year_amount, totals.seasonal_naive_amount
from evidence.chosen_lifetime_value_models as chosen
left join evidence.lifetime_value_totals as totals using (horizon_days)
order by chosen.horizon_days
"""
MONTHS = "select * from marts.lifetime_value_by_month order by forecast_month"
TIERS = """
select
    value_tier,
    count(*) / sum(count(*)) over () as customer_share,
    sum(predicted_amount_365d) / sum(sum(predicted_amount_365d)) over ()
        as predicted_share
from marts.customer_lifetime_value
where value_tier is not null
group by value_tier
order by min(predicted_amount_365d) desc
"""
FITNESS = """
select check_name, status, finding, unit, follows
from evidence.lifetime_value_fitness
order by
    list_position(['poor', 'limited', 'unknown', 'good'], status),
    check_name
"""
AGREEMENT = """
with past as (
    select measure, min(came_per_buyer) as least, max(came_per_buyer) as most
    from evidence.forecast_agreement
    group by measure
)
select measure, status, expected_per_buyer, least, most
from evidence.forecast_agreement
inner join past using (measure)
where status is not null
order by measure desc
"""
WINDOWS = """
select * from evidence.next_order_window_coverage
where cutoff_date is null and order_group = 'all'
"""
CUSTOMERS = """
select value.customer_id, value.value_tier, customers.country, customers.rfm_segment,
    value.order_count, value.historic_amount, value.probability_alive,
    value.predicted_amount_90d, value.predicted_amount_90d_low,
    value.predicted_amount_90d_high, value.nothing_probability_90d,
    value.predicted_amount_365d, value.predicted_amount_365d_low,
    value.predicted_amount_365d_high, value.nothing_probability_365d,
    value.next_order_window_start, value.next_order_window_end, customers.alive_note
from marts.customer_lifetime_value as value
inner join marts.customers using (customer_id)
where (len($tiers) = 0 or list_contains($tiers, value.value_tier))
    and value.probability_alive between $lowest and $highest
    and (len($countries) = 0 or list_contains($countries, customers.country))
order by value.predicted_amount_365d desc nulls last, value.customer_id
"""


def page() -> None:
    """Show the page."""
    if not header(
        "Lifetime value", "What will each customer bring, and when do they order next?"
    ):
        return
    horizons = query(HORIZONS).set_index("horizon_days")
    if horizons.empty or horizons["predicted_amount"].isna().all():
        missing("There are too few orders to forecast from, or they say no prices.")
        return
    days = st.segmented_control(
        "Forecast of the next",
        list(horizons.index),
        default=horizons.index[0],
        format_func=lambda value: f"{value} days",
        required=True,
    )
    chosen = horizons.loc[days]
    unit = currency()
    quality(chosen)
    left, right = st.columns(2)
    with left:
        show(
            lifetime_value.forecast_by_month(query(MONTHS), currency=unit),
            "Month by month",
            "Of today's customers; new ones come on top.",
        )
    with right:
        show(
            lifetime_value.value_tiers(query(TIERS)),
            "How few bring how much",
            "Customers in tiers by the forecast of 365 days.",
        )
    customers()
    if statistics_wanted():
        past(days, chosen["model"], unit)
    data_allow()


def data_allow() -> None:
    """Say what limits the forecasts, and in a click all that was checked."""
    st.subheader("What the data allow")
    checks = query(FITNESS)
    checks = checks.assign(
        check_name=checks["check_name"].str.replace("_", " "),
        follows=checks["follows"].map(in_words),
        finding=[
            number(value, ",.0f" if abs(value) >= 100 else ",.2f")
            for value in checks["finding"]
        ],
    )
    doubts = checks[checks["status"].isin(["poor", "limited"])]
    st.markdown(
        "\n".join(
            f"- {badge('weak' if row.status == 'poor' else 'fair')} {row.follows}"
            for row in doubts.itertuples()
        )
        or "Nothing that was checked limits the forecasts."
    )
    with st.expander("All that was checked"):
        agreement()
        rows_shown(
            checks,
            {
                "check_name": "Check",
                "status": "Status",
                "finding": st.column_config.TextColumn("Found", alignment="right"),
                "unit": "Unit",
                "follows": "What follows",
            },
        )


def quality(chosen: pd.Series) -> None:
    """Say what is forecast in all, and how good the model was in the past."""
    first, last = day(chosen["first_cutoff_date"]), day(chosen["last_cutoff_date"])
    how_sure(
        trust.lifetime_value(chosen),
        f"{chosen['status'].capitalize()}. {in_words(chosen['reason'])} Tried from "
        f"{first} to {last}.",
    )
    metrics(
        {
            "Forecast in all": amount(chosen["predicted_amount"]),
            "If as wrong as at past dates": (
                f"{amount(chosen['predicted_amount_low'])} to "
                f"{amount(chosen['predicted_amount_high'])}"
            ),
            "The days before": amount(chosen["last_period_amount"]),
            "As last year, with growth": amount(chosen["seasonal_naive_amount"]),
        }
    )


def agreement() -> None:
    """Say whether orders and amounts suit the buyers that predictions expect."""
    for row in query(AGREEMENT).itertuples():
        verdict = (
            "the two areas agree"
            if row.status == "agree"
            else "**the two areas part**, one has the wrong level"
        )
        st.markdown(
            f"{row.measure.capitalize()} in 90 days: "
            f"{number(row.expected_per_buyer, ',.2f')} for each buyer that predictions "
            f"expect, {number(row.least, ',.2f')} to {number(row.most, ',.2f')} for "
            f"each who came at past dates: {verdict}."
        )


def customers() -> None:
    """Show the customers that the filters leave, with a download."""
    st.subheader("Customers")
    tiers = query(TIERS)["value_tier"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect("Value tier", tiers, placeholder="All", width=320)
        lowest, highest = st.slider(
            "Probability of being a customer still", 0.0, 1.0, (0.0, 1.0), width=320
        )
        countries = country_filter()
    coverage = query(WINDOWS)
    windows = (
        " The window of the next order held "
        f"{share(coverage['coverage'].iloc[0])} of the next orders of customers who "
        "came back."
        if len(coverage)
        else ""
    )
    st.caption(
        "An interval holds what 80 % of like customers brought. It ends at 0 where 80 "
        "% or more brought nothing, and the mean lies above it: see the chance of "
        "nothing."
        f"{windows}"
    )
    table(
        query(
            CUSTOMERS,
            tiers=chosen,
            lowest=lowest,
            highest=highest,
            countries=countries,
        ),
        {
            "customer_id": "Customer",
            "value_tier": "Tier",
            "rfm_segment": "RFM segment",
            "historic_amount": money("So far"),
            "predicted_amount_90d": money("Next 90 days"),
            "predicted_amount_90d_low": whole("low"),
            "predicted_amount_90d_high": whole("high"),
            "nothing_probability_90d": percent("Nothing"),
            "predicted_amount_365d": money("Next 365 days"),
            "predicted_amount_365d_low": whole("low"),
            "predicted_amount_365d_high": whole("high"),
            "nothing_probability_365d": percent("Nothing"),
            "probability_alive": percent("Customer still"),
            "next_order_window_start": date("Next order from"),
            "next_order_window_end": date("to"),
            "alive_note": "Segment and customer still",
        },
        name="lifetime_value",
    )
