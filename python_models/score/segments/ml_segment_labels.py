"""The cluster of every customer by every served solution, at every date due."""

from customer_analytics.memory import Memory
from customer_analytics.segments.assignment import assign_customers
from customer_analytics.segments.labels import chosen_solutions


def learned(dbt, remember):
    sample = dbt.ref("int_segment_sample").filter("snapshot_number = 0")
    due = dbt.ref("int_segment_assignments_due").order("assignment_number")
    return chosen_solutions(
        sample.order("feature_set, sample_number").fetchnumpy(),
        dbt.ref("int_cluster_measures").order("solution_number").fetchnumpy(),
        due.filter("snapshot_date is null").fetchnumpy(),
        dbt.config.meta_get("seed"),
        remember,
    )


def scored(dbt, session, solutions):
    due = dbt.ref("int_segment_assignments_due").order("assignment_number")
    assignments = due.project(
        "assignment_number, feature_set, algorithm, snapshot_date::varchar"
    )
    return assign_customers(
        session, dbt.ref("int_segment_vectors"), assignments.fetchall(), solutions
    )


def model(dbt, session):
    # Fitted there, to be judged.
    return scored(
        dbt,
        session,
        learned(dbt, Memory(session, "ml_cluster_labels", dbt.this.schema)),
    )
