"""Labels of a sample by every candidate solution: fitted, refitted, at other dates."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation
from customer_analytics.segments.candidates import Grid, Limits
from customer_analytics.segments.labels import candidate_labels


def model(dbt, session):
    sample = dbt.ref("int_segment_sample").order(
        "feature_set, snapshot_number, sample_number"
    )
    candidates, labels = candidate_labels(
        sample.fetchnumpy(),
        Grid(
            cluster_counts=dbt.config.meta_get("cluster_counts"),
            eps_factors=dbt.config.meta_get("eps_factors"),
            min_cluster_shares=dbt.config.meta_get("min_cluster_shares"),
        ),
        Limits(
            min_count=dbt.config.meta_get("min_count"),
            min_share=dbt.config.meta_get("min_share"),
            max_noise_share=dbt.config.meta_get("max_noise_share"),
        ),
        bootstrap_count=dbt.config.meta_get("bootstrap_count"),
        bootstrap_size=dbt.config.meta_get("bootstrap_size"),
        evaluation_size=dbt.config.meta_get("evaluation_size"),
        seed=dbt.config.meta_get("seed"),
        remember=Memory(session, "ml_cluster_labels", dbt.this.schema),
        report=AdapterLogger("Segments").info,
    )
    return as_relation(session, "cluster_labels", labels).join(
        as_relation(session, "cluster_candidates", candidates), "solution_number"
    )
