"""How much each feature helps regressors to rank customers, out of time."""

from customer_analytics.lifetime_value.amounts import importances
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    cutoff = "* replace (cutoff_date::varchar as cutoff_date)"
    training = dbt.ref("int_lifetime_value_training").filter("not is_as_of_date")
    losses = importances(
        training.project(cutoff),
        dbt.ref("int_importance_customers").project(cutoff),
        models=dbt.config.meta_get("models"),
        repeats=dbt.config.meta_get("repeats"),
        seed=dbt.config.meta_get("seed"),
        remember=Memory(session, "ml_amount_importance", dbt.this.schema),
    )
    return as_relation(session, "amount_importance", losses)
