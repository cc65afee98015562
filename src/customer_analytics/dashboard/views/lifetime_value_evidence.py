"""Past forecasts against what came: charts, no page."""

import streamlit as st

from customer_analytics.charts import lifetime_value, predictions
from customer_analytics.dashboard.data import query
from customer_analytics.dashboard.parts import missing, show

PAIRS = """
select customer_id, cutoff_date, predicted_amount, actual_amount
from evidence.lifetime_value_actual_vs_predicted
where horizon_days = $horizon and model = $model
order by hash(customer_id || cutoff_date), customer_id
limit 2000
"""
DECILES = """
select * from evidence.lifetime_value_calibration
where horizon_days = $horizon and model = $model and cutoff_date is null
order by decile
"""
COVERAGE = """
select metrics.horizon_days || ' days' as horizon, metrics.cutoff_date,
    metrics.interval_coverage, metrics.n
from evidence.lifetime_value_metrics as metrics
inner join evidence.chosen_lifetime_value_models as chosen
    using (horizon_days, model)
where metrics.cutoff_date is not null and metrics.interval_coverage is not null
order by metrics.horizon_days, metrics.cutoff_date
"""
MODELS = """
select
    model,
    avg(gini) as gini,
    case
        when model = $model then 'served'
        when bool_or(is_baseline) then 'baseline'
        else 'model'
    end as kind
from evidence.lifetime_value_metrics
where horizon_days = $horizon and cutoff_date is not null
group by model
-- Nothing for everybody ranks nobody.
having avg(gini) > 0
order by gini desc, model
"""


def past(days: int, model: str, unit: str) -> None:
    """Draw past forecasts against what came."""
    pairs = query(PAIRS, horizon=int(days), model=model)
    coverage = query(COVERAGE)
    if pairs.empty:
        missing("No date of the past has enough orders before and after it to try at.")
        return
    left, right = st.columns(2)
    with left:
        show(
            lifetime_value.actual_vs_predicted(pairs, currency=unit),
            f"Forecasts of {days} days in the past",
            f"{len(pairs):,} customers and dates; dashed: what was forecast came.",
        )
    with right:
        show(
            lifetime_value.deciles(
                query(DECILES, horizon=int(days), model=model), currency=unit
            ),
            "By tenth of the forecasts",
            "All dates together: at single dates tenths are further off.",
        )
    left, right = st.columns(2)
    with left:
        show(
            predictions.models_compared(
                query(MODELS, horizon=int(days), model=model),
                measure="gini",
                title="Normalised Gini (right is better)",
            ),
            "What else was tried",
            "By how well customers are ranked, mean of the dates.",
        )
    with right:
        if not coverage.empty:
            show(
                lifetime_value.interval_coverage(coverage),
                "Do 80 % intervals hold 80 %?",
                "At dates after those they were made from; dashed: 80 %.",
            )
