"""The best products for every customer, by the source that did best before."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.recommendations.lists import serve, served_sources
from customer_analytics.recommendations.sources import SourceSettings
from customer_analytics.relations import as_relation
from customer_analytics.versions import library_versions

report = AdapterLogger("Recommendations").info
EVENTS = "customer_number, order_number, product_number"


def learned(dbt, remember):
    eligible = dbt.ref("int_recommendable_products").project(
        "cutoff_number, product_number"
    )
    targets = dbt.ref("int_recommendation_targets")
    choice = dbt.ref("int_recommender_choice").project("slot, source").fetchall()
    return served_sources(
        dbt.ref("int_recommendation_events").order(EVENTS).fetchnumpy(),
        dbt.ref("int_recommendation_cutoffs").order("cutoff_number").fetchnumpy(),
        eligible.order("cutoff_number, product_number").fetchnumpy(),
        targets.order("cutoff_number, customer_number, product_number").fetchnumpy(),
        dict(choice),
        settings=SourceSettings(**dbt.config.meta_get("settings")),
        remember=remember,
    )


def scored(dbt, session, served):
    now = dbt.ref("int_recommendation_cutoffs").filter("cutoff_number = 0")
    customers = dbt.ref("int_recommendation_customers").order("customer_number")
    lists = serve(
        dbt.ref("int_recommendation_events").order(EVENTS).fetchnumpy(),
        customers.project("customer_number").fetchnumpy()["customer_number"],
        now.fetchnumpy()["days_ago"],
        served,
        length=dbt.config.meta_get("length"),
        report=report,
    )
    ranked = as_relation(session, "recommendations", lists)
    return ranked.project(f"*, '{library_versions()}' as library_versions")


def model(dbt, session):
    return scored(dbt, session, learned(dbt, Memory(session, "ml_recommendations")))
