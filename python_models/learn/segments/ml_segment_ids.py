"""Which segment each cluster of this build is, by the segments of the last build."""

from customer_analytics.relations import as_relation
from customer_analytics.segments.assignment import last_rows
from customer_analytics.segments.identities import identify_segments


def model(dbt, session):
    centres = dbt.ref("int_segment_centres").order(
        "feature_set, algorithm, label, position"
    )
    clock = dbt.ref("int_as_of_date").project("as_of_date::varchar")
    segments = identify_segments(
        centres.fetchnumpy(),
        last_rows(session, str(dbt.this)),
        max_drift=dbt.config.meta_get("max_drift"),
        date=clock.fetchall()[0][0],
    )
    return as_relation(session, "identified_segments", segments)
