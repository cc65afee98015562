"""Given outcomes of everybody by the chosen models, and what moved them most."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions import label_serving, labels
from customer_analytics.predictions.label_inputs import Settings, read_tasks


def learned(dbt, remember):
    inputs = dbt.ref("int_label_inputs").filter("is_learning")
    rows = dbt.ref("int_label_outcomes").filter("is_sampled")
    parameters = labels.read_parameters(dbt.ref("ml_label_predictions"))
    chosen = dbt.ref("chosen_models").project("target, model, variant").fetchall()
    choices = {target: (model, variant) for target, model, variant in chosen}
    settings = Settings(**dbt.config.meta_get("settings"))
    return [
        label_serving.served_label(
            *(known, outcome, whose),
            *(choices[outcome.target], parameters, settings),
            remember=remember,
            report=AdapterLogger("Predictions").info,
        )
        for known, outcome, whose in read_tasks(inputs, rows)
        if choices.get(outcome.target, (None,))[0] is not None
    ]


def scored(dbt, session, served):
    inputs = dbt.ref("int_label_inputs").filter("is_now")
    return label_serving.score_labels(
        session, inputs, dbt.ref("int_label_customers"), served
    )


def model(dbt, session):
    remember = Memory(session, "ml_label_scores", dbt.this.schema)
    return scored(dbt, session, learned(dbt, remember))
