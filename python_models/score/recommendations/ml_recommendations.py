"""The best products for every customer, by the source that did best before."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.recommendations import lists, sources, windows
from customer_analytics.relations import as_table
from customer_analytics.versions import library_versions


def learned(dbt, remember):
    dates = windows.read_dates(
        dbt.ref("int_recommendation_events"),
        dbt.ref("int_recommendation_cutoffs"),
        dbt.ref("int_recommendable_products"),
        dbt.ref("int_recommendation_targets"),
        settings=sources.SourceSettings(**dbt.config.meta_get("settings")),
        horizon_days=dbt.config.meta_get("horizon_days"),
    )
    choice = dbt.ref("int_recommender_choice").project("slot, source").fetchall()
    return lists.served_sources(dates, dict(choice), remember=remember)


def scored(dbt, session, served):
    now = dbt.ref("int_recommendation_cutoffs").filter("cutoff_number = 0")
    blocks = lists.serve(
        windows.read_events(dbt.ref("int_recommendation_events")),
        now.fetchnumpy()["days_ago"],
        served,
        length=dbt.config.meta_get("length"),
        report=AdapterLogger("Recommendations").info,
    )
    ranked = as_table(session, "recommendations", blocks)
    return ranked.project(f"*, '{library_versions()}' as library_versions")


def model(dbt, session):
    remember = Memory(session, "ml_recommendations", dbt.this.schema)
    return scored(dbt, session, learned(dbt, remember))
