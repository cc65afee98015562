"""Amounts by the regressors that serve, for everybody, without the season."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.lifetime_value.amounts import forecast, served_regressors
from customer_analytics.memory import Memory

report = AdapterLogger("Lifetime value").info


def learned(dbt, remember):
    training = dbt.ref("int_lifetime_value_training").filter("is_as_of_date")
    members = dbt.ref("int_lifetime_value_members").filter("is_regressor")
    due = members.order("horizon_days, model").project("horizon_days, model")
    return served_regressors(
        training.project("* replace (cutoff_date::varchar as cutoff_date)"),
        due.fetchall(),
        seed=dbt.config.meta_get("seed"),
        remember=remember,
        report=report,
    )


def scored(dbt, session, regressors):
    features = dbt.ref("int_lifetime_value_features").filter("is_as_of_date")
    return forecast(session, features, regressors, report=report)


def model(dbt, session):
    return scored(
        dbt,
        session,
        learned(dbt, Memory(session, "ml_amount_forecasts", dbt.this.schema)),
    )
