"""What models predict when one feature is shuffled, at each target's last cut-off."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions.importance import shuffled_predictions
from customer_analytics.predictions.serving import last_parameters
from customer_analytics.predictions.training import event_names, read_inputs
from customer_analytics.relations import as_relation


def model(dbt, session):
    inputs = dbt.ref("int_prediction_inputs").filter("is_sampled")
    events = event_names(dbt.ref("int_event_features"))
    windows = dbt.ref("int_training_windows")
    found = shuffled_predictions(
        read_inputs(inputs, events),
        dbt.ref("int_prediction_labels").order("target, feature_row").fetchnumpy(),
        windows.order("target, cutoff_date, snapshot_date").fetchnumpy(),
        last_parameters(dbt.ref("ml_classifier_predictions")),
        most_judged=dbt.config.meta_get("most_judged"),
        repeats=dbt.config.meta_get("repeats"),
        threads=dbt.config.meta_get("threads"),
        task_settings=dbt.config.meta_get("task_settings"),
        seed=dbt.config.meta_get("seed"),
        remember=Memory(session, "ml_shuffled_predictions", dbt.this.schema),
        report=AdapterLogger("Predictions").info,
    )
    return as_relation(session, "shuffled_predictions", found)
