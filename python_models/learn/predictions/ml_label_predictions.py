"""Given outcomes, predicted by every model for the customers it has not seen."""

import numpy as np
from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions import labels
from customer_analytics.predictions.label_inputs import Settings, read_tasks
from customer_analytics.relations import as_relation


def model(dbt, session):
    inputs = dbt.ref("int_label_inputs").filter("is_learning")
    rows = dbt.ref("int_label_outcomes").filter("is_sampled")
    parts = [labels.NO_ROWS]
    for task in read_tasks(inputs, rows):
        parts += labels.cross_validated(
            *task,
            Settings(**dbt.config.meta_get("settings")),
            threads=dbt.config.meta_get("threads"),
            remember=Memory(session, "ml_label_predictions", dbt.this.schema),
            report=AdapterLogger("Predictions").info,
        )
    joined = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    return as_relation(session, "label_predictions", joined)
