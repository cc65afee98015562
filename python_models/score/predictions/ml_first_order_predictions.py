"""What follows a first order, predicted at every cut-off and as of now."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.predictions.first_orders import (
    first_orders,
    known_by_then,
    predict_first_orders,
)
from customer_analytics.relations import as_relation


def model(dbt, session):
    orders = dbt.ref("int_first_order_inputs")
    items = dbt.ref("int_first_order_items")
    attributes = dbt.ref("int_attribute_features")
    runs, predictions = predict_first_orders(
        first_orders(
            orders.order("customer_number").fetchnumpy(),
            items.order("customer_number, product_number").fetchnumpy(),
            known_by_then(attributes, dbt.ref("int_first_orders")),
            dbt.config.meta_get("attributes"),
        ),
        dbt.ref("int_first_order_windows")
        .order("target, cutoff_date, is_training, customer_number")
        .fetchnumpy(),
        axes=dbt.config.meta_get("axes"),
        seed=dbt.config.meta_get("seed"),
        remember=Memory(session, "ml_first_order_predictions", dbt.this.schema),
        report=AdapterLogger("Predictions").info,
    )
    return as_relation(session, "first_order_predictions", predictions).join(
        as_relation(session, "first_order_runs", runs), "run_number"
    )
