"""What has been learned is not learned again, and equals what is learned anew."""

import duckdb
import pytest
from conftest import ROOT, run_dbt

TABLES_ONLY = ("build", "--exclude-resource-types", "test")
DAY, NEXT_DAY, LEARNING_DATE = "2025-06-10", "2025-06-11", "2025-06-01"
# It tells of the build before.
OF_TWO_BUILDS = {"evidence.segment_drift"}


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Return the path of a third of the sample, for time."""
    path = tmp_path_factory.mktemp("log") / "orders.parquet"
    duckdb.sql(
        f"copy (from '{ROOT / 'data' / 'transactions.parquet'}' where "
        f"hash(coalesce(\"Customer ID\"::varchar, Invoice)) % 3 = 0) to '{path}'"
    )
    return path


def learned(build) -> dict[tuple[str, str], tuple]:
    """Return when each result was learned and last used, by model and unit."""
    tables = build.rows(
        "select table_name from information_schema.tables "
        "where table_schema = 'learned'"
    )
    return {
        (name, *key): times
        for (name,) in tables
        for *key, times in build.rows(
            f'select unit, fingerprint, (learned_at, used_at) from learned."{name}"'
        )
    }


@pytest.fixture(scope="module")
def days(log, tmp_path_factory):
    """Return what was learned on a day, the next, and without the days since."""
    warehouse = tmp_path_factory.mktemp("days")
    settings = {"transactions_path": str(log), "customer_attributes_path": ""}
    cut = log.with_name("cut.parquet")
    duckdb.sql(f"copy (from '{log}' where InvoiceDate < '{LEARNING_DATE}') to '{cut}'")
    found = []
    for changes in (
        {"as_of_date": NEXT_DAY, "transactions_path": str(cut)},
        {"as_of_date": DAY},
        {"as_of_date": NEXT_DAY},
    ):
        build = run_dbt(warehouse, settings | changes, *TABLES_ONLY)
        assert build.success, build.message
        found.append(learned(build))
    fresh = run_dbt(
        tmp_path_factory.mktemp("fresh"),
        settings | {"as_of_date": NEXT_DAY},
        *TABLES_ONLY,
    )
    return found, build, fresh


def test_nothing_after_the_learning_date_is_learned_from(days):
    (without, day, _), *_ = days
    assert len(without) > 50
    # The whole log gave the same inputs as the one that ends on the learning date.
    assert day.keys() == without.keys()


def test_the_next_day_learns_nothing(days):
    (_, day, next_day), *_ = days
    assert next_day.keys() == day.keys()
    for key, (learned_at, used_at) in next_day.items():
        assert learned_at == day[key][0]
        assert used_at > day[key][1]


def test_what_was_known_equals_what_is_learned_anew(days):
    _, build, fresh = days
    assert fresh.success, fresh.message
    differing = {
        table: count
        for table in build.tables()
        if (count := build.difference(fresh, f"from {table}"))
    }
    assert differing.keys() <= OF_TWO_BUILDS


def test_a_changed_setting_relearns_what_it_touches(log, tmp_path):
    settings = {
        **{"transactions_path": str(log), "customer_attributes_path": ""},
        **{"as_of_date": DAY, "segment_feature_sets": {"rfm": ["order_count"]}},
    }
    chosen = (*TABLES_ONLY, "--select", "+ml_cluster_labels", "+ml_order_models")
    first = run_dbt(tmp_path, settings, *chosen)
    assert first.success, first.message
    before = learned(first)
    second = run_dbt(tmp_path, settings | {"segment_seed": 7}, *chosen)
    new = learned(second).keys() - before.keys()
    assert {(model, unit) for model, unit, _ in new} == {("ml_cluster_labels", "rfm")}
