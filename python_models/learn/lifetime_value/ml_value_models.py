"""Gamma-gamma models of order values as of every cut-off."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.lifetime_value.order_models import fit_value_models
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    inputs = dbt.ref("int_order_model_inputs").filter("is_cutoff")
    values = inputs.project(
        "snapshot_date::varchar as snapshot_date, customer_number, "
        "purchase_day_count, average_amount"
    )
    models = fit_value_models(
        values.order("snapshot_date, customer_number").fetchnumpy(),
        min_customers=dbt.config.meta_get("min_repeaters"),
        remember=Memory(session, "ml_value_models", dbt.this.schema),
        report=AdapterLogger("Lifetime value").info,
    )
    return as_relation(session, "value_models", models)
