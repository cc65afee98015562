"""The probability of every eligible customer by the chosen models, and its reasons."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions import serving
from customer_analytics.predictions.training import event_names, read_inputs

report = AdapterLogger("Predictions").info


def learned(dbt, remember):
    inputs = dbt.ref("int_prediction_inputs").filter("is_sampled")
    events = event_names(dbt.ref("int_event_features"))
    labels = dbt.ref("int_prediction_labels").order("target, feature_row")
    past = dbt.ref("int_training_windows").order("target, cutoff_date, snapshot_date")
    chosen = dbt.ref("chosen_models").filter("status = 'model served'").order("target")
    # What is calibrated on: levelled predictions before, and what came.
    calibrated = chosen.filter("variant in ('sigmoid', 'isotonic')")
    judged = dbt.ref("int_classifier_predictions").filter("variant = 'level'")
    earlier = judged.join(calibrated.project("target, model"), "target, model")
    return serving.served_models(
        read_inputs(inputs, events),
        *(table.fetchnumpy() for table in (labels, past, chosen)),
        serving.last_parameters(dbt.ref("ml_classifier_predictions")),
        earlier.order("target, cutoff_date, customer_id").fetchnumpy(),
        task_settings=dbt.config.meta_get("task_settings"),
        seed=dbt.config.meta_get("seed"),
        remember=remember,
        report=report,
    )


def scored(dbt, session, served):
    inputs = dbt.ref("int_prediction_inputs").filter("is_as_of_date")
    due = dbt.ref("int_prediction_eligibility").filter("is_as_of_date")
    labels = dbt.ref("int_prediction_feature_labels").project("feature, topic")
    events = event_names(dbt.ref("int_event_features"))
    topics = dict(labels.fetchall())
    return serving.score_everybody(session, inputs, due, served, topics, report, events)


def model(dbt, session):
    remember = Memory(session, "ml_customer_scores", dbt.this.schema)
    return scored(dbt, session, learned(dbt, remember))
