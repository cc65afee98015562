"""What every source of recommendations would have said at past dates."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.recommendations.lists import back_test
from customer_analytics.recommendations.sources import SourceSettings
from customer_analytics.relations import as_relation
from customer_analytics.versions import library_versions


def model(dbt, session):
    # What was known at the learning date.
    events = dbt.ref("int_recommendation_events").filter("days_ago > 0")
    cutoffs = dbt.ref("int_recommendation_cutoffs").filter("cutoff_number > 0")
    eligible = (
        dbt.ref("int_recommendable_products")
        .filter("cutoff_number > 0")
        .project("cutoff_number, product_number")
    )
    targets = dbt.ref("int_recommendation_targets")
    lists = Memory(session, "ml_recommender_lists")(
        "lists at past dates",
        back_test,
        events.order("customer_number, order_number, product_number").fetchnumpy(),
        cutoffs.order("cutoff_number").fetchnumpy(),
        eligible.order("cutoff_number, product_number").fetchnumpy(),
        targets.order("cutoff_number, customer_number, product_number").fetchnumpy(),
        settings=SourceSettings(**dbt.config.meta_get("settings")),
        length=dbt.config.meta_get("length"),
        report=AdapterLogger("Recommendations").info,
    )
    ranked = as_relation(session, "recommender_lists", lists)
    return ranked.project(f"*, '{library_versions()}' as library_versions")
