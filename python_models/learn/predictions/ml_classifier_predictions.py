"""What every model and variant predicts at every cut-off, out of time."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions.backtest import back_test
from customer_analytics.predictions.training import event_names, read_inputs
from customer_analytics.relations import as_relation


def model(dbt, session):
    inputs = dbt.ref("int_prediction_inputs").filter("is_sampled")
    events = event_names(dbt.ref("int_event_features"))
    labels = dbt.ref("int_prediction_labels")
    cutoffs = dbt.ref("int_training_windows")
    runs, predictions = back_test(
        read_inputs(inputs, events),
        labels.order("target, feature_row").fetchnumpy(),
        cutoffs.order("target, cutoff_date, snapshot_date").fetchnumpy(),
        models=dbt.config.meta_get("models"),
        comparison_cutoffs=dbt.config.meta_get("comparison_cutoffs"),
        most_rows=dbt.config.meta_get("most_rows"),
        rows_per_customer=dbt.config.meta_get("rows_per_customer"),
        half_life_days=dbt.config.meta_get("half_life_days"),
        tuning_rows=dbt.config.meta_get("tuning_rows"),
        threads=dbt.config.meta_get("threads"),
        seed=dbt.config.meta_get("seed"),
        event_count=len(events),
        remember=Memory(session, "ml_classifier_predictions", dbt.this.schema),
        report=AdapterLogger("Predictions").info,
    )
    return as_relation(session, "classifier_predictions", predictions).join(
        as_relation(session, "classifier_runs", runs), "run_number"
    )
