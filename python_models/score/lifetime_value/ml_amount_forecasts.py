"""Amounts by the regressors that serve, for everybody, without the season."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.lifetime_value.amounts import forecast
from customer_analytics.memory import Memory


def model(dbt, session):
    cutoff = "* replace (cutoff_date::varchar as cutoff_date)"
    training = dbt.ref("int_lifetime_value_training").filter("is_as_of_date")
    members = dbt.ref("int_lifetime_value_members").filter("is_regressor")
    due = members.order("horizon_days, model").project("horizon_days, model")
    return forecast(
        session,
        training.project(cutoff),
        dbt.ref("int_lifetime_value_features").filter("is_as_of_date"),
        due.fetchall(),
        seed=dbt.config.meta_get("seed"),
        remember=Memory(session, "ml_amount_forecasts"),
        report=AdapterLogger("Lifetime value").info,
    )
