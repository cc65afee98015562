"""The probability of every eligible customer by the chosen models, and its reasons."""

import json

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions.serving import score_everybody, served_models

report = AdapterLogger("Predictions").info


def learned(dbt, remember):
    inputs = dbt.ref("int_prediction_inputs").filter("is_sampled")
    runs = dbt.ref("int_tuned_parameters").fetchall()
    windows = dbt.ref("int_training_windows")
    earlier = dbt.ref("int_calibration_rows")
    return served_models(
        inputs.order("feature_row").fetchnumpy(),
        dbt.ref("int_prediction_labels").order("target, feature_row").fetchnumpy(),
        windows.order("target, cutoff_date, snapshot_date").fetchnumpy(),
        dbt.ref("int_serving_choices").order("target").fetchnumpy(),
        {(target, name): json.loads(text) for target, name, text in runs},
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
    return score_everybody(
        session, inputs, dbt.ref("int_predictions_due"), served, report
    )


def model(dbt, session):
    return scored(dbt, session, learned(dbt, Memory(session, "ml_customer_scores")))
