"""Predictions: who, why, and how good the predictions of the past were."""

import pandas as pd
import streamlit as st

from customer_analytics import trust
from customer_analytics.dashboard.columns import date, money, percent
from customer_analytics.dashboard.data import query, row
from customer_analytics.dashboard.parts import (
    country_filter,
    day,
    header,
    how_sure,
    missing,
    share,
    table,
)
from customer_analytics.dashboard.views.prediction_evidence import (
    charts,
    first_order_models,
)
from customer_analytics.names import in_words

TARGETS = """
select targets.*, chosen.* exclude (target)
from reference.prediction_targets as targets
inner join evidence.chosen_models as chosen using (target)
order by
    chosen.status = 'not served', targets.target != 'churn_90d', targets.population,
    targets.target
"""
CUSTOMERS = """
select predictions.customer_id, customers.country, customers.rfm_segment,
    predictions.probability, predictions.tier, predictions.reason_1,
    predictions.reason_2, predictions.reason_3, customers.net_amount,
    customers.last_ordered_at
from marts.customer_predictions as predictions
inner join marts.customers using (customer_id)
where predictions.target = $target
    and (len($tiers) = 0 or list_contains($tiers, predictions.tier))
    and customers.net_amount >= $least
    and (len($countries) = 0 or list_contains($countries, customers.country))
order by predictions.probability desc, predictions.customer_id
"""
NEW_CUSTOMERS = """
select customer_id, customers.country, first_ordered_date, probability,
    predicted_amount, predicted_segment
from marts.first_order_predictions
inner join marts.customers using (customer_id)
where target = $target and is_window_open
    and (len($countries) = 0 or list_contains($countries, customers.country))
order by coalesce(predicted_amount::double, probability) desc, customer_id
"""
RETURNS = """
select min(return_rate) as least, max(return_rate) as most
from evidence.pause_returns
where is_active
"""
DATES = """
select min(cutoff_date) as first, max(cutoff_date) as last
from evidence.classifier_metrics
where target = $target and model = $model and variant = $variant
"""
FIRST_ORDER_METRICS = """
select * from evidence.first_order_metrics
where target = $target and model = $model and cutoff_date is null
    and fold is null
"""
TIERS = ["high", "medium", "low"]


def page() -> None:
    """Show the page."""
    if not header("Predictions", "Who will do what next, why, and how sure is it?"):
        return
    targets = query(TARGETS).set_index("target")
    if targets.empty:
        missing("Nothing was predicted.")
        return
    target = targets.loc[
        st.selectbox(
            "What is predicted",
            targets.index,
            format_func=lambda name: targets.loc[name, "description"],
        )
    ]
    if target["status"] == "not served":
        missing(f"{target['reason'][:1].upper()}{target['reason'][1:]}.")
        return
    served = {
        "target": target.name,
        "model": target["model"],
        "variant": target["variant"],
    }
    quality(target, served)
    if target["population"] == "first_order":
        new_customers(target)
    else:
        customers(target)
    if target["kind"] == "binary":
        charts(served)
    else:
        first_order_models(target)


def quality(target: pd.Series, served: dict) -> None:
    """Say how good the served model was at the dates it was tried."""
    reason = f"{target['status'].capitalize()}. {in_words(target['reason'])}"
    if target["kind"] == "amount":
        tried = row(FIRST_ORDER_METRICS, target=target.name, model=target["model"])
        how_sure(trust.first_order_amount(tried), reason)
        return
    dates = row(DATES, **served)
    how_sure(
        trust.prediction(target),
        f"{reason} Tried from {day(dates['first'])} to {day(dates['last'])}, each "
        "trained on nothing later."
        if target["kind"] == "binary"
        else reason,
    )
    returns = query(RETURNS).iloc[0]
    if target["eligibility"] == "active" and pd.notna(returns["least"]):
        st.markdown(
            ":material/undo: A pause is no parting: of active customers who ordered "
            f"nothing for 90 days, {share(returns['least'])} to "
            f"{share(returns['most'])} came back within the year, by past date."
        )


def customers(target: pd.Series) -> None:
    """Show the customers with their probability and reasons."""
    st.subheader("Customers")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tiers = st.multiselect(
            "Probability", TIERS, default=["high"], placeholder="All", width=280
        )
        least = st.number_input("Spent at least", min_value=0, step=100, width=180)
        countries = country_filter()
    st.caption(
        "Reasons say what moved the model, not what causes the behaviour. Tiers go by "
        "probability: high from two in three on, low under one in three."
    )
    table(
        query(
            CUSTOMERS,
            target=target.name,
            tiers=tiers,
            least=least,
            countries=countries,
        ),
        {
            "customer_id": "Customer",
            "probability": percent("Probability"),
            "tier": "Tier",
            "net_amount": money("Net amount"),
            "rfm_segment": "RFM segment",
            "reason_1": "Reason 1",
            "reason_2": "Reason 2",
            "reason_3": "Reason 3",
            "last_ordered_at": date("Last order"),
        },
        name=f"predictions_{target.name}",
    )


def new_customers(target: pd.Series) -> None:
    """Show customers with one order, whose outcome window is still open."""
    st.subheader("New customers")
    st.caption("Customers whose outcome window is still open, from their first order.")
    found = query(NEW_CUSTOMERS, target=target.name, countries=country_filter())
    if found.empty:
        missing("No first order is so young that its window is still open.")
        return
    shown = {
        "customer_id": "Customer",
        "first_ordered_date": date("First order"),
        "probability": percent("Probability"),
        "predicted_amount": money("Predicted amount"),
        "predicted_segment": "Predicted segment",
    }
    table(
        found,
        {name: title for name, title in shown.items() if found[name].notna().any()},
        name=f"predictions_{target.name}",
    )
