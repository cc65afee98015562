"""The probability of every eligible customer by the chosen models, and its reasons."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions.serving import (
    last_parameters,
    score_everybody,
    served_models,
)

report = AdapterLogger("Predictions").info


def learned(dbt, remember):
    inputs = dbt.ref("int_prediction_inputs").filter("is_sampled")
    runs = dbt.ref("ml_classifier_predictions").filter("variant = 'plain'")
    chosen = dbt.ref("chosen_models").filter("status = 'model served'")
    # What is calibrated on: levelled predictions before, and what came.
    calibrated = chosen.filter("variant in ('sigmoid', 'isotonic')")
    judged = dbt.ref("int_classifier_predictions").filter("variant = 'level'")
    earlier = judged.join(calibrated.project("target, model"), "target, model")
    return served_models(
        inputs.order("feature_row").fetchnumpy(),
        dbt.ref("int_prediction_labels").order("target, feature_row").fetchnumpy(),
        dbt.ref("int_training_windows")
        .order("target, cutoff_date, snapshot_date")
        .fetchnumpy(),
        chosen.order("target").fetchnumpy(),
        last_parameters(runs),
        earlier.order("target, cutoff_date, customer_id").fetchnumpy(),
        task_settings={
            "most_rows": dbt.config.meta_get("most_rows"),
            "rows_per_customer": dbt.config.meta_get("rows_per_customer"),
            "half_life_days": dbt.config.meta_get("half_life_days"),
            "serving_factor": dbt.config.meta_get("serving_factor"),
        },
        seed=dbt.config.meta_get("seed"),
        remember=remember,
        report=report,
    )


def scored(dbt, session, served):
    inputs = dbt.ref("int_prediction_inputs").filter("is_as_of_date")
    due = dbt.ref("int_prediction_eligibility").filter("is_as_of_date")
    return score_everybody(session, inputs, due, served, report)


def model(dbt, session):
    return scored(dbt, session, learned(dbt, Memory(session, "ml_customer_scores")))
