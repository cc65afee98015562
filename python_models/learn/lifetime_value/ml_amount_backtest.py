"""Amounts by every regressor at every cut-off, before the season is put back."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.lifetime_value.amounts import backtest
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    cutoff = "* replace (cutoff_date::varchar as cutoff_date)"
    training = dbt.ref("int_lifetime_value_training").filter("not is_as_of_date")
    predictions = backtest(
        training.project(cutoff),
        dbt.ref("int_lifetime_value_features").project(cutoff),
        seed=dbt.config.meta_get("seed"),
        remember=Memory(session, "ml_amount_backtest", dbt.this.schema),
        report=AdapterLogger("Lifetime value").info,
    )
    return as_relation(session, "amount_backtest", predictions)
