"""What has been learned is not learned again, and equals what is learned anew."""

import json
import shutil
from collections import defaultdict

import duckdb
import pytest
from conftest import ROOT, Build, run_dbt

from customer_analytics.cli import CODE_VARIABLE, SCORING_VARIABLE
from customer_analytics.publishing import PublishError, expected_tables, publish

TABLES_ONLY = ("build", "--exclude-resource-types", "test")
DAY, NEXT_DAY, LEARNING_DATE = "2025-06-10", "2025-06-11", "2025-06-01"
NEXT_MONTH = "2025-07-01"
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
    return {
        tuple(key): times
        for *key, times in build.rows(
            "select model, unit, fingerprint, (learned_at, used_at) from learned.fits"
        )
    }


def learned_tables(build) -> set[str]:
    """Return the tables of the learn floor that are published."""
    manifest = json.loads((build.warehouse / "target/manifest.json").read_text())
    return {
        f"{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and "learn" in node["tags"]
        and node["schema"] in ("marts", "evidence")
    }


def tables_by_message(build) -> dict[str, set[str]]:
    """Return the models of a run by what dbt said of each."""
    results = json.loads((build.warehouse / "target/run_results.json").read_text())
    found = defaultdict(set)
    for node in results["results"]:
        name = (node["relation_name"] or "").replace('"', "")
        found[node["message"]].add(name.removeprefix("build."))
    return found


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
        # As the command runs dbt, which knows of all code and settings.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(CODE_VARIABLE, "the same code")
            build = run_dbt(warehouse, settings | changes, *TABLES_ONLY)
        assert build.success, build.message
        found.append(learned(build))
        if "transactions_path" in changes:
            shutil.copy(warehouse / "build.duckdb", warehouse.parent / "without.duckdb")
        if changes == {"as_of_date": DAY}:
            shutil.copy(warehouse / "build.duckdb", warehouse.parent / "day.duckdb")
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


def test_evidence_does_not_know_what_came_since(days, tmp_path):
    _, build, _ = days
    (tmp_path / "without").mkdir()
    shutil.copy(
        build.warehouse.parent / "without.duckdb", tmp_path / "without/build.duckdb"
    )
    without = Build(True, "", tmp_path / "without")
    tables = learned_tables(build)
    assert len(tables) > 20
    differing = {
        table: count
        for table in tables - OF_TWO_BUILDS
        if (count := build.difference(without, f"from {table}"))
    }
    assert differing == {}


def test_the_next_day_learns_nothing(days):
    (_, day, next_day), *_ = days
    assert next_day.keys() == day.keys()
    for key, (learned_at, used_at) in next_day.items():
        assert learned_at == day[key][0]
        assert used_at > day[key][1]


def test_the_next_day_makes_no_table_of_what_was_learned_again(days):
    _, build, fresh = days
    known = tables_by_message(build)["KNOWN"]
    assert len(known) > 50
    assert "intermediate.int_classifier_scores" in known
    assert "intermediate.int_customer_snapshots" not in known
    # dbt by itself cannot tell whether the code is the same.
    assert "KNOWN" not in tables_by_message(fresh)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, "other code"), ({"as_of_date": NEXT_MONTH}, "the same code")],
)
def test_other_code_or_another_past_makes_them_again(
    days, log, changes, code, tmp_path
):
    _, build, _ = days
    settings = {"transactions_path": str(log), "customer_attributes_path": ""}
    shutil.copy(build.warehouse / "build.duckdb", tmp_path)
    table = "int_outcome_windows"
    messages = []
    for _ in range(2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(CODE_VARIABLE, code)
            again = run_dbt(
                tmp_path,
                settings | {"as_of_date": NEXT_DAY} | changes,
                *(*TABLES_ONLY, "--select", f"+{table}"),
            )
        assert again.success, again.message
        messages.append(f"intermediate.{table}" in tables_by_message(again)["KNOWN"])
    assert messages == [False, True]


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
    assert {(model, unit) for model, unit, _ in new} == {
        ("ml_cluster_labels", "rfm, solutions"),
        ("ml_cluster_labels", "rfm"),
    }


def test_the_next_month_learns_only_the_new_cut_offs_of_predictions(log, tmp_path):
    settings = {
        **{"transactions_path": str(log), "customer_attributes_path": ""},
        "prediction_models": ["logistic_regression", "decision_tree"],
        **{"prediction_cutoff_count": 3, "prediction_first_order_min_rows": 50},
        # Fewer than there are: customers who come new must not change who is drawn.
        **{"prediction_sample_customers": 400, "prediction_training_rows": 1000},
    }
    models = ("ml_classifier_predictions", "ml_first_order_predictions")
    chosen = (*TABLES_ONLY, "--select", *(f"+{model}" for model in models))
    found = []
    for date in ("2025-06-01", "2025-07-01"):
        build = run_dbt(tmp_path, settings | {"as_of_date": date}, *chosen)
        assert build.success, build.message
        found.append(
            {key: at for key, at in learned(build).items() if key[0] in models}
        )
    first, second = found
    new = {(model, unit) for model, unit, _ in second.keys() - first.keys()}
    assert new.isdisjoint((model, unit) for model, unit, _ in first)
    assert {"churn_90d at 2025-04-01", "first_order_repeat_90d at 2025-07-01"} <= {
        unit for _, unit in new
    }
    # What has gone by, and what was served, is not asked for any more.
    used_again = [key for key in first if second[key] != first[key]]
    assert len(used_again) > len(first) / 2


def test_the_next_month_learns_what_is_new_of_it(log, tmp_path):
    settings = {
        **{"transactions_path": str(log), "customer_attributes_path": ""},
        # Fewer than there are, so that those who came since could take places.
        "lifetime_value_history_customers": 400,
        "lifetime_value_fit_customers": 300,
        "lifetime_value_backtest_customers": 200,
        "lifetime_value_training_rows": 350,
    }
    chosen = (*TABLES_ONLY, "--select", "+ml_amount_backtest", "+ml_value_models")
    first = run_dbt(tmp_path, settings | {"as_of_date": LEARNING_DATE}, *chosen)
    assert first.success, first.message
    before = learned(first)
    assert len(before) > 40
    second = run_dbt(tmp_path, settings | {"as_of_date": NEXT_MONTH}, *chosen)
    assert second.success, second.message
    known = learned(second).keys()
    new = known - before.keys()
    assert {(model, unit) for model, unit, _ in new} == {
        ("ml_order_models", f"bg_nbd at {NEXT_MONTH}"),
        ("ml_order_models", f"mbg_nbd at {NEXT_MONTH}"),
        ("ml_seasons", f"season at {NEXT_MONTH}"),
        ("ml_value_models", f"order values at {NEXT_MONTH}"),
    }
    third = run_dbt(tmp_path, settings | {"as_of_date": "2025-08-01"}, *chosen)
    assert third.success, third.message
    newer = {unit for _, unit, _ in learned(third).keys() - known}
    assert newer == {
        *(f"{unit} at 2025-08-01" for unit in ("bg_nbd", "mbg_nbd", "season")),
        "order values at 2025-08-01",
        # The cut-offs whose outcomes became known in the month: of 180 days and 365.
        "amount_180d at 2025-01-16",
        *("mbg_nbd at 2024-08-01", "order values at 2024-08-01"),
    }


def test_the_next_month_learns_of_one_date_more(log, tmp_path):
    settings = {"transactions_path": str(log), "customer_attributes_path": ""}
    chosen = (*TABLES_ONLY, "--select", "+ml_recommendations")
    models = {"ml_recommender_lists", "ml_recommendations"}
    known, found = set(), []
    for day in ("2025-06-01", "2025-07-01", "2025-08-01"):
        build = run_dbt(tmp_path, settings | {"as_of_date": day}, *chosen)
        assert build.success, build.message
        units = learned(build).keys()
        found.append({unit for model, unit, _ in units - known if model in models})
        known |= units
    # The horizon of 1 April is over on 1 July.
    assert len(found[0]) > 8
    assert found[1:] == [
        {
            "lists at 2025-04-01",
            "weights taught at 2025-01-01 and 2025-04-01",
            "sources",
        },
        {"sources"},
    ]


# Scores.

SCORE = ("build", "--select", "tag:score")


@pytest.fixture
def scoring(monkeypatch):
    monkeypatch.setenv(SCORING_VARIABLE, "true")


@pytest.fixture
def known(days, log, tmp_path):
    """Return a warehouse of the first day, and a function that scores in it."""
    _, build, _ = days
    (tmp_path / "scored").mkdir()
    shutil.copy(build.warehouse.parent / "day.duckdb", tmp_path / "scored/build.duckdb")

    def score(**changes):
        settings = {"transactions_path": str(log), "customer_attributes_path": ""}
        return run_dbt(tmp_path / "scored", settings | changes, *SCORE)

    return score


def test_scores_are_those_of_a_whole_build(known, days, scoring):
    *_, fresh = days
    scored = known(as_of_date=NEXT_DAY)
    assert scored.success, scored.message
    manifest = json.loads((scored.warehouse / "target/manifest.json").read_text())
    tables = [
        f"{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and "score" in node["tags"]
        and node["schema"] in ("marts", "evidence")
    ]
    assert len(tables) > 40
    differing = {
        table: count
        for table in tables
        if (count := scored.difference(fresh, f"from {table}"))
    }
    assert differing == {}
    # All tables are published in one step, what was learned among them.
    expected = expected_tables(scored.warehouse / "target")
    published = publish(
        scored.warehouse / "build.duckdb", scored.warehouse / "published", expected
    )
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.sql(
            "select as_of_date::varchar, learning_date::varchar from marts.data_span"
        ).fetchall() == [(NEXT_DAY, LEARNING_DATE)]


def test_nothing_can_be_scored_before_anything_is_learned(log, tmp_path, scoring):
    settings = {"transactions_path": str(log), "customer_attributes_path": ""}
    failed = run_dbt(tmp_path, settings, *SCORE)
    assert not failed.success
    assert "nothing has been learned yet: run 'make build'" in failed.message


def test_another_log_is_not_scored_by_what_was_learned(known, scoring, log, tmp_path):
    other = tmp_path / "other.parquet"
    # One line of the past is another one.
    duckdb.sql(
        f"copy (from '{log}' where not (InvoiceDate < '{LEARNING_DATE}' and "
        f"InvoiceDate = (select max(InvoiceDate) from '{log}' "
        f"where InvoiceDate < '{LEARNING_DATE}'))) to '{other}'"
    )
    failed = known(as_of_date=NEXT_DAY, transactions_path=str(other))
    assert not failed.success
    assert "are not those of this log" in failed.message
    tables = expected_tables_of(failed)
    with pytest.raises(PublishError):
        publish(failed.warehouse / "build.duckdb", failed.warehouse, tables)


def expected_tables_of(build):
    """Return what would be published, whatever became of the last run."""
    (build.warehouse / "target/run_results.json").unlink()
    return expected_tables(build.warehouse / "target")
