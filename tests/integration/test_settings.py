"""Every variable of dbt_project.yml can be changed: unit tests do not read it, and a
build with the other value goes through."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import ROOT, invoke_dbt, project_for, run_dbt

from customer_analytics.parsing import read_in_parsing

# Another valid value of every variable.
INPUT = {
    "transactions_relation": "",
    "transactions_leave_out": ["orders/half.csv"],
    "transaction_columns": {"country": "Country"},
    "transactions_encoding": "latin-1",
    "transactions_date_order": "day_first",
    "transactions_sheets": ["Orders"],
    "transactions_date_format": "%d/%m/%Y %H:%M",
    "transactions_decimal_mark": "comma",
    "time_zone": "Europe/London",
    "guest_customer_ids": ["walk-in"],
    "customer_attributes_path": "",
    "customer_attribute_columns": {"customer_id": "Customer ID"},
    "customer_attributes_encoding": "utf-16",
    "customer_events_path": "",
    "customer_events_relation": "",
    "customer_event_columns": {"customer_id": "Customer ID"},
    "customer_events_encoding": "utf-16",
    "event_type_limit": 2,
    "table_prefix": "shop_",
    "as_of_date": "2025-04-15",
    "learning_period": "week",
    "learning_max_days": 3,
    "currency": "EUR",
    "earliest_order_date": "2000-01-01",
    "max_unreadable_share": 0.5,
    "drop_exact_duplicates": False,
    "cancellation_prefix": "X",
    "order_max_gap_hours": 48,
    "horizons_days": [30, 60, 90, 180, 365],
    "abc_limits": [0.5, 0.9],
    "xyz_limits": [0.3, 0.6],
    "correlation_sample_size": 100,
}
SEGMENTS = {
    "segment_feature_sets": {"rfm": ["recency_days", "order_count", "net_amount"]},
    "segment_feature_scaling": "none",
    "segment_attribute_values": 3,
    "segment_seed": 1,
    "segment_cluster_counts": [2, 3],
    "segment_eps_factors": [0.9],
    "segment_min_cluster_shares": [0.1],
    "segment_sample_size": 200,
    "segment_evaluation_size": 100,
    "segment_profile_size": 200,
    "segment_bootstrap_count": 2,
    "segment_bootstrap_size": 100,
    "segment_stay_months": 2,
    "segment_history_months": 3,
    "segment_min_customers": 20,
    "segment_min_count": 2,
    "segment_min_bootstrap_ari": 0.5,
    "segment_min_share": 0.01,
    "segment_max_noise_share": 0.5,
    "segment_max_drift": 1.0,
    "segment_name_min_share": 0.7,
}
BASKETS = {
    "basket_engine": "mlxtend",
    "basket_min_count": 5,
    "basket_min_support": 0.01,
    "basket_max_itemset_size": 3,
    "basket_max_itemsets": 10_000,
    "basket_max_products": 50,
    "basket_grouping": "country",
    "basket_max_rule_size": 2,
    "basket_min_confidence": 0.2,
    "basket_false_discovery_rate": 0.1,
    "basket_min_improvement": 0.01,
    "cross_sell_rule_count": 50,
    "cross_sell_gap_count": 3,
    "network_links_per_node": 5,
    "network_max_links": 1000,
    "network_pivot_count": 10,
    "network_seed": 1,
    "affinity_max_buyers": 10,
    "affinity_min_shared_products": 1,
    "basket_holdout_days": 60,
    "basket_half_life_days": 90,
}
RECOMMENDATIONS = {
    "recommendation_list_length": 5,
    "recommendation_horizon_days": 45,
    "recommendation_test_count": 2,
    "recommendation_evaluation_size": 100,
    "recommendation_judged_lengths": [3, 5],
    "recommendation_min_customers": 10,
    "recommendation_discontinued_days": 90,
    "recommendation_max_return_rate": 0.5,
    "recommendation_recent_days": 60,
    "recommendation_half_life_days": 90,
    "recommendation_popular_days": 60,
    "recommendation_factors": 8,
    "recommendation_neighbours": 20,
    "recommendation_ease_products": 100,
    "recommendation_fit_customers": 500,
    "recommendation_seed": 1,
}
LIFETIME_VALUE = {
    "lifetime_value_seed": 1,
    "lifetime_value_history_customers": 1000,
    "lifetime_value_fit_customers": 1000,
    "lifetime_value_backtest_customers": 1000,
    "lifetime_value_min_repeaters": 10,
    "lifetime_value_cutoff_count": 2,
    "lifetime_value_min_history_days": 150,
    "lifetime_value_training_rows": 500,
    "lifetime_value_training_snapshots": 3,
    "lifetime_value_blends": {"blend": ["bg_nbd", "xgboost"]},
    "lifetime_value_blend_levels": {"blend": "seasonal_naive"},
    "lifetime_value_max_bias": 0.5,
    "lifetime_value_gini_tolerance": 0.01,
    "lifetime_value_months": 6,
    "lifetime_value_residual_years": 3,
    "lifetime_value_discount_rate": 0.2,
    "lifetime_value_next_order_days": 90,
    "lifetime_value_importance_models": ["random_forest"],
    "lifetime_value_importance_customers": 100,
    "lifetime_value_importance_repeats": 1,
}
PREDICTIONS = {
    "prediction_seed": 1,
    "prediction_sample_customers": 500,
    "prediction_training_rows": 500,
    "prediction_rows_per_customer": 1,
    "prediction_tuning_rows": 200,
    "prediction_half_life_days": 120,
    "prediction_serving_factor": 1,
    "prediction_models": ["logistic_regression", "decision_tree"],
    "prediction_blend_share": 0.2,
    "prediction_cutoff_count": 3,
    "prediction_cutoff_spacing_months": 1,
    "prediction_comparison_cutoffs": 2,
    "prediction_min_cutoffs": 2,
    "prediction_min_class_rows": 10,
    "prediction_threads": 1,
    "prediction_demand_days": 120,
    "prediction_active_gap_share": 0.8,
    "prediction_active_days_min": 20,
    "prediction_active_days_max": 200,
    "prediction_top_spend_share": 0.1,
    "prediction_leak_auc": 0.95,
    "prediction_importance_customers": 100,
    "prediction_importance_repeats": 1,
    "prediction_drift_customers": 100,
    "prediction_first_order_min_rows": 50,
    "prediction_first_order_skip_days": 30,
    "prediction_attributes": [],
    "prediction_item_axes": 4,
    "prediction_tier_probabilities": [0.6, 0.3],
}
LABELS = {
    "label_folds": 3,
    "label_repeats": 1,
    "label_sample_customers": 500,
    "label_max_classes": 5,
    "label_leak_auc": 0.9,
}
CAMPAIGNS = {
    "campaign_uplift_share": 0.1,
    "campaign_margin": 0.5,
    "campaign_contact_cost": 0.5,
    "campaign_hold_out_share": 0.2,
    "campaign_seed": "Jane's second campaign",
    "campaign_hold_out_best": True,
}
CHANGED = (
    *(INPUT, SEGMENTS, BASKETS, RECOMMENDATIONS, LIFETIME_VALUE, PREDICTIONS),
    *(LABELS, CAMPAIGNS),
)
# Set by the tests of campaigns, of given outcomes, and of areas that are off.
ELSEWHERE = {
    *("transactions_path", "campaign_list", "customer_labels"),
    *("segments", "baskets", "recommendations", "lifetime_value", "predictions"),
}


def changed() -> dict[str, object]:
    return {name: value for group in CHANGED for name, value in group.items()}


@pytest.fixture
def small_log(tmp_path: Path) -> Path:
    """Return the lines of some customers of the bundled sample, and of some guests."""
    path = tmp_path / "orders.parquet"
    duckdb.execute(
        f"copy (from '{ROOT}/data/transactions.parquet' where coalesce("
        """"Customer ID"::varchar, "Invoice") in (from (select distinct coalesce("""
        f""""Customer ID"::varchar, "Invoice") as buyer from '{ROOT}/data/"""
        f"""transactions.parquet') order by md5(buyer) limit 1500)) to '{path}'"""
    )
    return path


def test_every_variable_has_another_value_here():
    defaults = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    assert set(defaults) == set(changed()) | ELSEWHERE
    same = {n for n, value in changed().items() if value == defaults[n]}
    # What has no other value that any log could be built with.
    assert same <= {"transactions_relation", "customer_events_relation"}


def test_settings_of_what_was_parsed_before_are_those_of_parsing_anew(tmp_path):
    path = """it's [a] "path" é/*.csv"""
    variables = changed() | INPUT | {"transactions_path": path}
    variables = {n: v for n, v in variables.items() if n not in read_in_parsing(ROOT)}
    once = project_for(variables)
    anew = invoke_dbt(["parse"], tmp_path, variables).result
    assert once.nodes.keys() == anew.nodes.keys()
    for name in (*once.nodes, *once.sources):
        of_once, of_anew = once.expect(name), anew.expect(name)
        assert of_once.config.to_dict() == of_anew.config.to_dict()
        assert of_once.fqn == of_anew.fqn
        # dbt builds what a node depends on before it, and lets it read nothing else.
        assert set(of_once.depends_on_nodes) >= set(of_anew.depends_on_nodes)


@pytest.mark.parametrize("variables", [{}, changed()], ids=["default", "changed"])
def test_unit_tests_read_no_variable_of_the_user(
    sample_build, tmp_path, monkeypatch, variables
):
    shutil.copy(sample_build.warehouse / "build.duckdb", tmp_path)
    monkeypatch.setenv("CUSTOMER_ANALYTICS_UNIT_TESTS", "true")
    # They take the columns of what they are given from the tables as they are named.
    variables = {n: v for n, v in variables.items() if n != "table_prefix"}
    tested = run_dbt(tmp_path, variables, "test", "--select", "test_type:unit")
    assert tested.success, tested.message


def test_builds_leave_unit_tests_out(sample_build):
    path = sample_build.warehouse / "target" / "manifest.json"
    project = json.loads(path.read_text())
    assert project["unit_tests"] == {}
    left_out = [name for name in project["disabled"] if name.startswith("unit_test.")]
    assert len(left_out) > 100


def test_a_build_with_other_values_goes_through(small_log, build):
    built = build(small_log, **changed())
    assert built.success, built.message
