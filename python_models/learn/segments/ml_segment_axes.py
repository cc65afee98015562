"""The two axes along which the customers of a feature set differ most."""

from customer_analytics.relations import as_relation
from customer_analytics.segments.axes import feature_set_axes


def model(dbt, session):
    sample = dbt.ref("int_segment_sample").filter("snapshot_number = 0")
    axes = feature_set_axes(sample.order("feature_set, sample_number").fetchnumpy())
    return as_relation(session, "feature_set_axes", axes)
