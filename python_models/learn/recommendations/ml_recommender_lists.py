"""What every source of recommendations would have said at past dates."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.recommendations.lists import back_test
from customer_analytics.recommendations.sources import SourceSettings
from customer_analytics.recommendations.windows import read_dates
from customer_analytics.relations import as_relation
from customer_analytics.versions import library_versions


def model(dbt, session):
    dates = read_dates(
        # What was known at the learning date.
        dbt.ref("int_recommendation_events").filter("days_ago > 0"),
        dbt.ref("int_recommendation_cutoffs").filter("cutoff_number <> 0"),
        dbt.ref("int_recommendable_products").filter("cutoff_number <> 0"),
        dbt.ref("int_recommendation_targets"),
        settings=SourceSettings(**dbt.config.meta_get("settings")),
        horizon_days=dbt.config.meta_get("horizon_days"),
    )
    lists = back_test(
        dates,
        length=dbt.config.meta_get("length"),
        remember=Memory(session, "ml_recommender_lists", dbt.this.schema),
        remember_weights=Memory(session, "ml_recommendations", dbt.this.schema),
        report=AdapterLogger("Recommendations").info,
    )
    ranked = as_relation(session, "recommender_lists", lists)
    return ranked.project(f"*, '{library_versions()}' as library_versions")
