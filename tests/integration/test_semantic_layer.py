"""Metrics are there, can be computed, and say what the tables say."""

import json

import pytest

METRICS = {
    *("revenue", "orders", "active_customers", "average_order_value", "repeat_rate"),
    *("retention", "churn_risk_share", "predicted_amount"),
}


@pytest.fixture(scope="module")
def semantics(sample_build):
    path = sample_build.warehouse / "target" / "semantic_manifest.json"
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def measures(semantics, sample_build):
    """Return the value of every measure over its whole table, by name."""
    found = {}
    for model in semantics["semantic_models"]:
        relation = model["node_relation"]
        table = f"{relation['schema_name']}.{relation['alias']}"
        for measure in model["measures"]:
            expression = measure["expr"] or measure["name"]
            distinct = "distinct " if measure["agg"] == "count_distinct" else ""
            function = "count" if distinct else measure["agg"]
            ((value,),) = sample_build.rows(
                f"select {function}({distinct}{expression})::double from {table}"
            )
            found[measure["name"]] = value
    return found


@pytest.fixture(scope="module")
def values(semantics, measures):
    """Return the value of every metric over all there is, by name."""
    found = {}
    for metric in sorted(
        semantics["metrics"], key=lambda metric: metric["type"] != "simple"
    ):
        parameters = metric["type_params"]
        if metric["type"] == "simple":
            found[metric["name"]] = measures[parameters["measure"]["name"]]
        else:
            assert metric["type"] == "ratio"
            found[metric["name"]] = (
                found[parameters["numerator"]["name"]]
                / found[parameters["denominator"]["name"]]
            )
    return found


def test_metrics_are_defined_described_and_labelled(semantics):
    metrics = {metric["name"]: metric for metric in semantics["metrics"]}
    assert METRICS <= metrics.keys()
    assert all(m["description"] and m["label"] for m in metrics.values())
    saved = {
        query["name"]: query["query_params"] for query in semantics["saved_queries"]
    }
    assert len(saved) == 3
    assert {m for query in saved.values() for m in query["metrics"]} <= metrics.keys()


def test_dimensions_and_entities_are_columns(semantics, sample_build):
    for model in semantics["semantic_models"]:
        relation = model["node_relation"]
        expressions = [
            part["expr"] or part["name"]
            for part in [*model["entities"], *model["dimensions"]]
        ]
        table = f"{relation['schema_name']}.{relation['alias']}"
        assert sample_build.rows(
            f"select {', '.join(expressions)} from {table} limit 1"
        )


def test_values_are_those_of_the_tables(values, sample_build):
    ((revenue, orders, active),) = sample_build.rows(
        "select sum(gross_amount - returned_amount)::double, "
        "count_if(returned_amount < gross_amount), count(distinct customer_id) "
        "filter (where order_number is not null) from marts.orders"
    )
    ((customers, repeating, risk, predicted),) = sample_build.rows(
        "select count(*), count_if(frequency.order_count >= 2), "
        "(select avg(probability) from marts.customer_predictions "
        "where target = 'churn_90d'), (select sum(predicted_amount_365d)::double "
        "from marts.customer_lifetime_value) from marts.customer_rfm as frequency"
    )
    expected = {
        "revenue": revenue,
        "orders": orders,
        "active_customers": active,
        "average_order_value": revenue / orders,
        "repeat_rate": repeating / customers,
        "churn_risk_share": risk,
        "predicted_amount": predicted,
    }
    assert {name: values[name] for name in expected} == pytest.approx(expected)


def test_retention_is_that_of_complete_months(semantics, sample_build):
    (cohorts,) = (m for m in semantics["semantic_models"] if m["name"] == "cohorts")
    kept, all_of_them = (measure["expr"] for measure in cohorts["measures"])
    rows = sample_build.rows(
        f"select month_number, sum({kept}) / sum({all_of_them}), "
        "sum(active_customer_count) filter (where is_complete) "
        "/ sum(cohort_size) filter (where is_complete) "
        "from marts.cohort_retention group by month_number order by month_number"
    )
    assert rows[0] == (0, 1.0, 1.0)
    assert all(found == expected for _, found, expected in rows)


def test_time_spine_holds_every_day(sample_build):
    assert sample_build.rows(
        "select min(calendar_date) <= (select min(ordered_date) from marts.orders), "
        "max(calendar_date) - (select as_of_date from intermediate.int_as_of_date), "
        "max(calendar_date) - min(calendar_date) + 1 = count(*) "
        "from marts.calendar_days"
    ) == [(True, 365, True)]
