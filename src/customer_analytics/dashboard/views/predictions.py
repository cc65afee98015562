"""Predictions: who, why, and how good the predictions of the past were."""

import pandas as pd
import streamlit as st

from customer_analytics.charts import predictions
from customer_analytics.dashboard.data import query, row
from customer_analytics.dashboard.parts import (
    day,
    evidence,
    header,
    metrics,
    missing,
    money,
    number,
    percent,
    show,
    table,
)

TARGETS = """
select targets.*, chosen.status, chosen.model, chosen.variant, chosen.reason
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
order by predictions.probability desc, predictions.customer_id
"""
NEW_CUSTOMERS = """
select customer_id, first_ordered_date, probability, predicted_amount,
    predicted_segment
from marts.first_order_predictions
where target = $target and is_window_open
order by coalesce(predicted_amount::double, probability) desc, customer_id
"""
RETURNS = """
select min(return_rate) as least, max(return_rate) as most
from evidence.pause_returns
where is_active
"""
METRICS = """
select * from evidence.classifier_metrics
where target = $target and model = $model and variant = $variant
order by cutoff_date nulls first
"""
# Each model by its best variant, over all cut-offs.
COMPARED = """
select
    model,
    min(brier) as brier,
    case
        when model = $model then 'served'
        when bool_or(is_baseline) then 'baseline'
        else 'model'
    end as kind
from evidence.classifier_metrics
where target = $target and cutoff_date is null and fold is null
    and cutoff_count = (
        select max(cutoff_count) from evidence.classifier_metrics
        where target = $target and cutoff_date is null and fold is null
    )
group by model
order by brier, model
"""
CURVES = """
select cutoff_date, false_positive_rate, true_positive_rate
from evidence.classifier_curves
where target = $target and model = $model and variant = $variant
order by cutoff_date, true_positive_rate, false_positive_rate
"""
CALIBRATION = """
select * from evidence.classifier_calibration
where target = $target and model = $model and variant = $variant
    and cutoff_date is null and fold is null
order by bin
"""
# Over all cut-offs: cases of the decile over those of an average tenth.
LIFT = """
with deciles as (
    select decile, sum(n) as n, sum(positive_count) as positive_count
    from evidence.classifier_lift
    where target = $target and model = $model and variant = $variant
    group by decile
)
select
    decile,
    n,
    positive_count / n as actual_rate,
    positive_count / n / (sum(positive_count) over () / sum(n) over ()) as lift
from deciles
order by decile
"""
CONFUSION = """
select * from evidence.classifier_confusion
where target = $target and model = $model and variant = $variant
    and cutoff_date is null and fold is null
"""
# Of the served model where it was shuffled, else the mean of those that were.
IMPORTANCES = """
with shuffled as (
    select *, bool_or(model = $model) over () as has_served
    from evidence.feature_importance
    where area = 'predictions' and target = $target and method = 'permutation'
)
select
    coalesce(labels.label, replace(shuffled.feature, '_', ' ')) as label,
    avg(shuffled.importance) as importance,
    avg(shuffled.importance_std) as importance_std,
    string_agg(distinct shuffled.model, ', ' order by shuffled.model) as models
from shuffled
left join reference.prediction_features as labels using (feature)
where shuffled.model = $model or not shuffled.has_served
group by all
order by importance desc, label
limit 15
"""
FIRST_ORDER_MODELS = """
select model, rmse, log_loss, n,
    case
        when model = $model then 'served' when is_baseline then 'baseline' else 'model'
    end as kind
from evidence.first_order_metrics
where target = $target and cutoff_date is null and fold is null
order by model
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
            format_func=lambda name: f"{targets.loc[name, 'description']} ({name})",
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
    if target["kind"] == "binary":
        quality(target, served)
    else:
        evidence(f"{target['status']}: {target['reason']}")
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
    found = query(METRICS, **served)
    pooled = found.iloc[0]
    dates = found["cutoff_date"].dropna()
    evidence(
        f"{target['status']}, `{served['model']}` ({served['variant']}). "
        f"{target['reason']} Tried on {number(pooled['n'])} predictions from "
        f"{day(dates.min())} to {day(dates.max())}, each trained on nothing later."
    )
    returns = query(RETURNS).iloc[0]
    if target["eligibility"] == "active" and pd.notna(returns["least"]):
        evidence(
            "a pause is no parting: of active customers who ordered nothing for 90 "
            f"days, {number(returns['least'], '.0%')} to "
            f"{number(returns['most'], '.0%')} came back within the year, by past date."
        )
    metrics(
        {
            "ROC-AUC (0.5 chance, 1 perfect)": (
                f"{number(pooled['roc_auc'], '.3f')}  "
                f"[{number(pooled['roc_auc_low'], '.2f')}, "
                f"{number(pooled['roc_auc_high'], '.2f')}]"
            ),
            "Brier score (0 perfect)": number(pooled["brier"], ".3f"),
            "Calibration error of a date": (
                f"{number(pooled['mean_calibration_error'], '.1%')}, at the worst "
                f"{number(pooled['worst_calibration_error'], '.1%')}"
            ),
            "Lift of the top tenth": number(pooled["lift_top_decile"], ".1f"),
            "Share it came true for": number(pooled["base_rate"], ".0%"),
        }
    )


def customers(target: pd.Series) -> None:
    """Show the customers with their probability and reasons."""
    st.subheader("Customers")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tiers = st.multiselect(
            "Probability", TIERS, default=["high"], placeholder="All", width=280
        )
        least = st.number_input("Spent at least", min_value=0, step=100, width=180)
    st.caption(
        "Reasons say what moved the model, not what causes the behaviour. Tiers are "
        "ranks within the customers, not levels of probability."
    )
    table(
        query(CUSTOMERS, target=target.name, tiers=tiers, least=least),
        {
            "customer_id": "Customer",
            "probability": percent("Probability"),
            "tier": "Tier",
            "net_amount": money("Net amount"),
            "rfm_segment": "RFM segment",
            "reason_1": "Reason 1",
            "reason_2": "Reason 2",
            "reason_3": "Reason 3",
            "last_ordered_at": st.column_config.DateColumn("Last order"),
        },
        name=f"predictions_{target.name}",
    )


def new_customers(target: pd.Series) -> None:
    """Show customers with one order, whose outcome window is still open."""
    st.subheader("New customers")
    st.caption("Customers whose outcome window is still open, from their first order.")
    found = query(NEW_CUSTOMERS, target=target.name)
    if found.empty:
        missing("No first order is so young that its window is still open.")
        return
    shown = {
        "customer_id": "Customer",
        "first_ordered_date": st.column_config.DateColumn("First order"),
        "probability": percent("Probability"),
        "predicted_amount": money("Predicted amount"),
        "predicted_segment": "Predicted segment",
    }
    table(
        found,
        {name: title for name, title in shown.items() if found[name].notna().any()},
        name=f"predictions_{target.name}",
    )


def charts(served: dict) -> None:
    """Draw how good the predictions were, and what they rest on."""
    importances = query(IMPORTANCES, target=served["target"], model=served["model"])
    left, right = st.columns(2)
    with left:
        show(
            predictions.roc_curves(query(CURVES, **served)),
            "Does it find them? (ROC)",
            "A curve per date in the past; dashed: a coin toss.",
        )
        show(
            predictions.lift_by_decile(query(LIFT, **served)),
            "Are the first tenths worth it? (lift)",
            "Dashed: the average of all customers.",
        )
    with right:
        show(
            predictions.calibration(query(CALIBRATION, **served)),
            "Is 30 % really 30 %? (calibration)",
            "All dates together; dashed: perfect.",
        )
        confusion = row(CONFUSION, **served)
        threshold = confusion["threshold"]
        show(
            predictions.confusion(confusion.to_frame().T),
            "How often is it right? (confusion)",
            f"Marked from a probability of {threshold:.0%} on; blue: right.",
        )
    show(
        predictions.models_compared(
            query(COMPARED, target=served["target"], model=served["model"]),
            measure="brier",
            title="Brier score over all dates (left is better)",
        ),
        "What else was tried",
        "Each model by its best variant; baselines need no model.",
    )
    if not importances.empty:
        show(
            predictions.importances(importances, title="Fall of ROC-AUC if shuffled"),
            "What it rests on",
            f"Measured on held-out customers with {importances['models'].iloc[0]}; "
            "orange: one standard deviation.",
        )


def first_order_models(target: pd.Series) -> None:
    """Draw the models of amounts and segments beside the average."""
    measure, title = (
        ("rmse", "Root mean square error (left is better)")
        if target["kind"] == "amount"
        else ("log_loss", "Log loss (left is better)")
    )
    found = query(FIRST_ORDER_MODELS, target=target.name, model=target["model"])
    show(
        predictions.models_compared(found, measure=measure, title=title),
        "What was tried",
        f"{number(found['n'].max())} first orders of the past.",
    )
