"""The shop's season as of every snapshot date that models of repeat orders know."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.lifetime_value.season import fit_seasons
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    models = dbt.ref("ml_order_models").filter("model = 'bg_nbd'")
    days = dbt.ref("int_purchase_calendar").project(
        "* replace (snapshot_date::varchar as snapshot_date)"
    )
    seasons = fit_seasons(
        models.order("snapshot_date").fetchnumpy(),
        days.order("snapshot_date, calendar_date").fetchnumpy(),
        remember=Memory(session, "ml_seasons", dbt.this.schema),
        report=AdapterLogger("Lifetime value").info,
    )
    return as_relation(session, "seasons", seasons)
