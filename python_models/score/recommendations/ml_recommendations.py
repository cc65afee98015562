"""The best products for every customer, by the source that did best before."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.recommendations.lists import serve, served_sources
from customer_analytics.recommendations.sources import SourceSettings
from customer_analytics.recommendations.windows import read_dates
from customer_analytics.relations import as_table
from customer_analytics.versions import library_versions

report = AdapterLogger("Recommendations").info
EVENTS = "customer_number, order_number, product_number"


def learned(dbt, remember):
    dates = read_dates(
        dbt.ref("int_recommendation_events"),
        dbt.ref("int_recommendation_cutoffs"),
        dbt.ref("int_recommendable_products"),
        dbt.ref("int_recommendation_targets"),
        settings=SourceSettings(**dbt.config.meta_get("settings")),
        horizon_days=dbt.config.meta_get("horizon_days"),
    )
    choice = dbt.ref("int_recommender_choice").project("slot, source").fetchall()
    return served_sources(dates, dict(choice), remember=remember)


def scored(dbt, session, served):
    now = dbt.ref("int_recommendation_cutoffs").filter("cutoff_number = 0")
    customers = dbt.ref("int_recommendation_customers").order("customer_number")
    blocks = serve(
        dbt.ref("int_recommendation_events").order(EVENTS).fetchnumpy(),
        customers.project("customer_number").fetchnumpy()["customer_number"],
        now.fetchnumpy()["days_ago"],
        served,
        length=dbt.config.meta_get("length"),
        report=report,
    )
    ranked = as_table(session, "recommendations", blocks)
    return ranked.project(f"*, '{library_versions()}' as library_versions")


def model(dbt, session):
    return scored(dbt, session, learned(dbt, Memory(session, "ml_recommendations")))
