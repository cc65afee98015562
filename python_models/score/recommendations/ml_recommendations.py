"""The best products for every customer, by the source that did best before."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.recommendations.lists import serve
from customer_analytics.recommendations.sources import SourceSettings
from customer_analytics.relations import as_relation
from customer_analytics.versions import library_versions


def model(dbt, session):
    events = dbt.ref("int_recommendation_events")
    eligible = dbt.ref("int_recommendable_products").project(
        "cutoff_number, product_number"
    )
    targets = dbt.ref("int_recommendation_targets")
    choice = dbt.ref("int_recommender_choice").project("slot, source").fetchall()
    lists = serve(
        events.order("customer_number, order_number, product_number").fetchnumpy(),
        dbt.ref("int_recommendation_cutoffs").order("cutoff_number").fetchnumpy(),
        eligible.order("cutoff_number, product_number").fetchnumpy(),
        targets.order("cutoff_number, customer_number, product_number").fetchnumpy(),
        dict(choice),
        settings=SourceSettings(**dbt.config.meta_get("settings")),
        length=dbt.config.meta_get("length"),
        remember=Memory(session, "ml_recommendations"),
        report=AdapterLogger("Recommendations").info,
    )
    ranked = as_relation(session, "recommendations", lists)
    return ranked.project(f"*, '{library_versions()}' as library_versions")
