"""What features alone, and models with one shuffled, say of given outcomes."""

import numpy as np

from customer_analytics.memory import Memory
from customer_analytics.predictions import labels
from customer_analytics.predictions.label_features import what_features_tell
from customer_analytics.predictions.label_inputs import Settings, read_tasks
from customer_analytics.relations import as_relation


def model(dbt, session):
    inputs = dbt.ref("int_label_inputs").filter("is_learning")
    rows = dbt.ref("int_label_outcomes").filter("is_sampled")
    parameters = labels.read_parameters(dbt.ref("ml_label_predictions"))
    parts = [labels.NO_ROWS | {"feature": np.zeros(0, object)}]
    for task in read_tasks(inputs, rows):
        parts += what_features_tell(
            *task,
            Settings(**dbt.config.meta_get("settings")),
            parameters,
            most_judged=dbt.config.meta_get("most_judged"),
            repeats=dbt.config.meta_get("repeats"),
            remember=Memory(session, "ml_label_features", dbt.this.schema),
        )
    joined = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    return as_relation(session, "label_features", joined)
