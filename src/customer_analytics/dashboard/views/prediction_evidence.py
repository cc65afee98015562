"""How good predictions of the past were, and what they rest on: charts, no page."""

import pandas as pd
import streamlit as st

from customer_analytics.charts import predictions
from customer_analytics.dashboard.data import query, row
from customer_analytics.dashboard.parts import number, share, show, statistics_wanted
from customer_analytics.names import in_words

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


def charts(served: dict) -> None:
    """Draw what predictions rest on, and where it is asked for how good they were."""
    importances = query(IMPORTANCES, target=served["target"], model=served["model"])
    if not importances.empty:
        show(
            predictions.importances(importances, title="Fall of ROC-AUC if shuffled"),
            "What it rests on",
            "Measured on held-out customers with "
            f"{in_words(importances['models'].iloc[0])}; orange: one standard "
            "deviation.",
        )
    if statistics_wanted():
        past(served)


def past(served: dict) -> None:
    """Draw how good the predictions of the past were."""
    left, right = st.columns(2)
    with left:
        show(
            predictions.roc_curves(query(CURVES, **served)),
            "Does it find them? (ROC)",
            "A curve per date in the past; dashed: a coin toss. Good: well above it.",
        )
        show(
            predictions.lift_by_decile(query(LIFT, **served)),
            "Are the first tenths worth it? (lift)",
            "Dashed: the average of all customers. Good: 2 or more in the first.",
        )
    with right:
        show(
            predictions.calibration(query(CALIBRATION, **served)),
            "Is 30 % really 30 %? (calibration)",
            "All dates together; dashed: perfect. Good: close to it.",
        )
        confusion = row(CONFUSION, **served)
        show(
            predictions.confusion(confusion.to_frame().T),
            "How often is it right? (confusion)",
            f"Marked from a probability of {share(confusion['threshold'])} on; blue: "
            "right.",
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
