"""The probability of every eligible customer by the chosen models, and its reasons."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions import calibration, serving, training

report = AdapterLogger("Predictions").info


def learned(dbt, remember):
    inputs = dbt.ref("int_prediction_inputs").filter("is_sampled")
    events = training.event_names(dbt.ref("int_event_features"))
    labels = dbt.ref("int_prediction_labels").order("target, feature_row")
    past = dbt.ref("int_training_windows").order("target, cutoff_date, snapshot_date")
    chosen = dbt.ref("chosen_models").filter("status = 'model served'").order("target")
    return serving.served_models(
        training.read_inputs(inputs, events),
        *(table.fetchnumpy() for table in (labels, past, chosen)),
        serving.last_parameters(dbt.ref("ml_classifier_predictions")),
        calibration.calibrated_on(chosen, dbt.ref("int_classifier_predictions")),
        task_settings=dbt.config.meta_get("task_settings"),
        seed=dbt.config.meta_get("seed"),
        remember=remember,
        report=report,
    )


def scored(dbt, session, served):
    inputs = dbt.ref("int_prediction_inputs").filter("is_as_of_date")
    due = dbt.ref("int_prediction_eligibility").filter("is_as_of_date")
    labels = dbt.ref("int_prediction_feature_labels").project("feature, topic")
    told = served, dict(labels.fetchall()), report
    events = training.event_names(dbt.ref("int_event_features"))
    return serving.score_everybody(session, inputs, due, *told, events)


def model(dbt, session):
    served = learned(dbt, Memory(session, "ml_customer_scores", dbt.this.schema))
    return scored(dbt, session, served)
