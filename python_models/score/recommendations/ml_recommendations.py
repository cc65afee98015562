"""The best products for every customer, by the source that did best before."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.recommendations.lists import serve
from customer_analytics.recommendations.sources import SourceSettings
from customer_analytics.recommendations.windows import read_dates
from customer_analytics.relations import as_table
from customer_analytics.versions import library_versions


def model(dbt, session):
    dates = read_dates(
        dbt.ref("int_recommendation_events"),
        dbt.ref("int_recommendation_cutoffs"),
        dbt.ref("int_recommendable_products"),
        dbt.ref("int_recommendation_targets"),
        settings=SourceSettings(**dbt.config.meta_get("settings")),
        horizon_days=dbt.config.meta_get("horizon_days"),
    )
    choice = dbt.ref("int_recommender_choice").project("slot, source").fetchall()
    blocks = serve(
        dates,
        dict(choice),
        length=dbt.config.meta_get("length"),
        remember=Memory(session, "ml_recommendations"),
        report=AdapterLogger("Recommendations").info,
    )
    ranked = as_table(session, "recommendations", blocks)
    return ranked.project(f"*, '{library_versions()}' as library_versions")
