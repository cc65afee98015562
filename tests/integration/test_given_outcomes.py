"""Outcomes that customer attributes give, and builds of what an input can fill."""

import os
import resource
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import REAL_DATA, ROOT, Build, project_for
from dbt.contracts.graph.nodes import ModelNode

import customer_analytics
from customer_analytics.areas import EMPTY_WITHOUT, Given, given_by, plan
from customer_analytics.publishing import PUBLISHED_SCHEMAS

LABELS = "{churned: Churn, plan: Plan, yearly_value: Yearly Value}"
# Fewer folds and kinds: what is tested is that everything arrives where it should.
QUICK = (
    "label_folds: 3, label_repeats: 1, prediction_min_class_rows: 20, "
    "prediction_models: [logistic_regression, random_forest, xgboost]"
)
# Where there is nothing to say, these say why; without orders nobody asks them.
REASONS = {
    *("basket_mining", "chosen_lifetime_value_models", "chosen_models"),
    *("lifetime_value_fitness", "lifetime_value_totals"),
}


@pytest.fixture(scope="module", autouse=True)
def _target(tmp_path_factory):
    """Have the project parsed once for all commands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_TARGET_PATH", str(tmp_path_factory.mktemp("target")))
        yield


def command(warehouse, transactions, attributes, variables=""):
    """Build by the command, and return how it went and the seconds of processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "customer_analytics.cli", "build"),
            *("--transactions", str(transactions)),
            *("--customer-attributes", str(attributes)),
            *("--vars", variables, "--", "--quiet"),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "CUSTOMER_ANALYTICS_WAREHOUSE": str(warehouse),
        },
        capture_output=True,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    text = done.stdout + done.stderr
    return Build(done.returncode == 0, text, warehouse), seconds


def customers(count=360, given=300):
    """Return customers whose outcomes follow from what is known, and what may know."""
    rng = np.random.default_rng(5)
    age, visits = rng.integers(18, 80, count), rng.poisson(5, count).astype(float)
    city = rng.choice(["Rome", "Bonn", "Oslo"], count)
    score = 0.08 * (age - 48) + 0.6 * (visits - 5) + (city == "Rome")
    left = rng.random(count) < 1 / (1 + np.exp(-score))
    noise = rng.normal(0, 0.7, count)
    table = pd.DataFrame(
        {
            "customer_id": [f"c{i:04d}" for i in range(count)],
            "Age": age,
            "Visits": visits,
            "City": city,
            "Churn": np.where(left, "Yes", "No"),
            "Plan": np.select([score + noise < -1, score + noise < 1], ["a", "b"], "c"),
            "Yearly Value": (200 + 30 * score + 10 * noise).round(2),
            "Last Ticket": (left + rng.normal(0, 0.25, count)).round(3),
        }
    )
    table.loc[~left & (rng.random(count) < 0.2), "Visits"] = np.nan
    table.loc[given:, ["Churn", "Plan", "Yearly Value"]] = None
    return table


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labelled")
    path = folder / "customers.csv"
    customers().to_csv(path, index=False)
    build, _ = command(folder, "none", path, f"{{customer_labels: {LABELS}, {QUICK}}}")
    assert build.success, build.message
    return build


def test_every_customer_is_predicted_and_who_has_no_outcome_too(labelled):
    assert labelled.rows(
        "select target, count(*), count(distinct customer_id), count(known_outcome), "
        "count(probability), count(predicted_class), count(predicted_value) "
        "from marts.customer_predictions group by target order by target"
    ) == [
        ("churned", 360, 360, 300, 360, 0, 0),
        ("plan", 360, 360, 300, 360, 360, 0),
        ("yearly_value", 360, 360, 300, 0, 0, 360),
    ]


def test_newcomers_are_predicted_as_the_truth_has_it(labelled):
    truth = customers().set_index("customer_id")
    age = truth["Age"]
    rows = labelled.rows(
        "select customer_id, predicted_value from marts.customer_predictions "
        "where target = 'yearly_value' and known_outcome is null order by 1"
    )
    assert len(rows) == 60
    given = np.array([value for _, value in rows])
    assert np.corrcoef(given, age[[name for name, _ in rows]])[0, 1] > 0.6


def test_outcomes_are_features_of_nothing(labelled):
    names = {name for (name,) in labelled.rows("select distinct feature from "
        "intermediate.int_label_inputs union select distinct feature "
        "from intermediate.int_attribute_features union "
        "select distinct attribute_name from marts.customer_attributes")}  # fmt: skip
    assert {"attribute.age", "age", "attribute.city", "attribute.city=Rome"} <= names
    assert not [n for n in names if "churn" in n or "plan" in n or "yearly" in n]


def test_the_page_of_a_customer_tells_them(labelled):
    known, new = (
        customer_analytics.customer(name, labelled.warehouse)["predictions"]
        for name in ("c0000", "c0359")
    )
    assert known["description"].tolist() == new["description"].tolist() == [
        "Outcome: churned", "Outcome: plan", "Outcome: yearly value"
    ]  # fmt: skip
    assert known["known_outcome"].notna().all()
    assert new["known_outcome"].isna().all()
    assert new["probability"].notna().tolist() == [True, True, False]
    assert new["predicted_segment"].notna().tolist() == [False, True, False]
    assert new["predicted_value"].notna().tolist() == [False, False, True]
    assert set(new["trust"]) <= {"good", "fair", "weak"}


def test_evidence_is_by_fold_with_its_protocol(labelled):
    assert labelled.rows(
        "select fold, count(*), bool_and(cutoff_date is null), any_value(protocol) "
        "from evidence.classifier_metrics where target = 'churned' "
        "and model = 'random_forest' and variant = 'plain' group by fold order by fold"
    ) == [
        (fold, 1, True, "repeated stratified cross-validation")
        for fold in (1, 2, 3, None)
    ]
    for table in ("calibration", "confusion", "curves", "lift"):
        folds = labelled.rows(
            f"select distinct fold from evidence.classifier_{table} "
            "where target = 'plan=a' and fold is not null order by 1"
        )
        assert folds == [(1,), (2,), (3,)], table
    models = {
        (model, variant)
        for model, variant in labelled.rows(
            "select distinct model, variant from evidence.classifier_metrics "
            "where target = 'churned'"
        )
    }
    assert {("base_rate", "plain"), ("best_feature", "plain")} <= models
    assert {("xgboost", "smote"), ("logistic_regression", "class_weight")} <= models


def test_numbers_and_classes_have_their_measures(labelled):
    ((r2, mae, rmse, n),) = labelled.rows(
        "select r2, mae, rmse, n from evidence.first_order_metrics "
        "where target = 'yearly_value' and model = 'ridge_regression' and fold is null"
    )
    assert n == 300 and 0.5 < r2 < 1 and 0 < mae < rmse
    # By hand from what was predicted.
    assert labelled.rows(
        "select round(avg(abs(predicted - outcome)), 6) "
        "from intermediate.int_label_predictions "
        "where target = 'yearly_value' and model = 'ridge_regression'"
    ) == [(pytest.approx(mae, abs=1e-5),)]
    ((accuracy, base),) = labelled.rows(
        "select max(accuracy) filter (where not is_baseline), "
        "max(accuracy) filter (where model = 'base_rate') "
        "from evidence.first_order_metrics where target = 'plan' and fold is null"
    )
    assert accuracy > base + 0.15


def test_what_may_know_the_outcome_is_named(labelled):
    warnings = dict(
        labelled.rows(
            "select target, warning from evidence.chosen_models "
            "where protocol like '%cross-validation'"
        )
    )
    assert warnings["churned"] == (
        "may know the outcome: last_ticket (tells it alone), "
        "visits (missing in one class)"
    )
    assert warnings["yearly_value"] is None
    assert "may know the outcome: last_ticket" in labelled.message


def test_reasons_say_what_is_known_of_the_customer(labelled):
    ((reason, age),) = labelled.rows(
        "select reason_1, value_text from marts.customer_predictions "
        "inner join marts.customer_attributes using (customer_id) "
        "where target = 'yearly_value' and attribute_name = 'age' "
        "and reason_1 like '%because of age%' order by customer_id limit 1"
    )
    assert f"age: {age}, typically " in reason


def test_what_is_left_out_is_what_would_be_empty(tmp_path):
    path = tmp_path / "people.csv"
    customers(120, 120).drop(columns=["Churn", "Plan", "Yearly Value"]).to_csv(
        path, index=False
    )
    limited, _ = command(tmp_path / "limited", "none", path)
    assert limited.success, limited.message
    whole = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "build"),
            *("--exclude-resource-type", "test"),
            *("--target-path", str(tmp_path / "whole/target"), "--vars"),
            f"{{transactions_path: none, customer_attributes_path: {path}}}",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "CUSTOMER_ANALYTICS_WAREHOUSE": str(tmp_path / "whole"),
        },
        capture_output=True,
        text=True,
    )
    assert whole.returncode == 0, whole.stdout
    differing = set()
    with duckdb.connect() as connection:
        for name in ("limited", "whole"):
            connection.execute(f"attach '{tmp_path / name}/build.duckdb' as {name}")
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = "
            "'whole' and schema_name in ('marts', 'evidence')"
        ).fetchall():
            one, other = (f"{name}.{schema}.{table}" for name in ("limited", "whole"))
            types = [connection.sql(f"from {name}").types for name in (one, other)]
            assert types[0] == types[1], table
            if connection.sql(
                f"(from {one} except all from {other}) union all "
                f"(from {other} except all from {one})"
            ).fetchall():
                differing.add(table)
    assert differing == REASONS
    assert limited.rows("select area from evidence.filled_areas where is_filled") == [
        ("segments",)
    ]
    with duckdb.connect(str(tmp_path / "limited/customer_analytics.duckdb")) as made:
        assert made.sql("select count(*) from marts.orders").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "given",
    [Given(False, False, False), Given(False, False, True), Given(True, False, False)],
)
def test_what_is_built_finds_all_it_reads(given):
    manifest = project_for({})
    planned = plan(manifest, given)
    models = {
        key: node for key, node in manifest.nodes.items() if isinstance(node, ModelNode)
    }
    built = {key for key, node in models.items() if node.name in planned.built}
    empty = {node.unique_id for node in planned.empty}
    assert not built & empty
    for key in built:
        parents = {p for p in models[key].depends_on.nodes if p in models}
        assert parents <= built | empty, key
    published = {k for k, node in models.items() if node.schema in PUBLISHED_SCHEMAS}
    assert published <= built | empty
    assert len(built) < (0.95 if given.orders else 0.45) * len(models)


def test_types_of_inner_tables_are_those_they_have(sample_build):
    nodes = project_for({}).nodes.values()
    told = [
        n for n in nodes if isinstance(n, ModelNode) and EMPTY_WITHOUT in n.config.meta
    ]
    assert len(told) > 10
    for node in told:
        said = {c.name: str(c.data_type).upper() for c in node.columns.values()}
        made = sample_build.rows(
            "select column_name, data_type from duckdb_columns() "
            f"where schema_name = '{node.schema}' and table_name = '{node.alias}'"
        )
        assert said == dict(made), node.name


def test_headers_tell_whether_products_are_named(tmp_path):
    log = tmp_path / "orders.csv"
    for header, products in [
        ("customer_id,date,amount", False),
        ("customer_id,date,amount,product", True),
    ]:
        log.write_text(f"{header}\nc1,2024-01-01,5{',x' if products else ''}\n")
        given = given_by(ROOT, {"transactions_path": str(log)})
        assert given == Given(orders=True, products=products, labels=False)
    nothing = {"transactions_path": "none", "customer_attributes_path": "people.csv"}
    assert given_by(ROOT, nothing) == Given(False, False, False)


def test_telco_customers(tmp_path):
    path = REAL_DATA / "telco_customer_churn.csv"
    if not path.exists():
        pytest.skip(f"The Telco customers are not there ({path.name} in shared/data)")
    built, seconds = command(
        tmp_path, "none", path, "{customer_labels: {churned: Churn}}"
    )
    assert built.success, built.message
    # A minute of processor on a machine that does nothing else.
    assert seconds < 90
    ((auc, mean_error, model, warning),) = built.rows(
        "select roc_auc, mean_calibration_error, model, warning "
        "from evidence.chosen_models where target = 'churned'"
    )
    assert auc >= 0.845, model
    assert mean_error <= 0.03
    assert warning == "may know the outcome: total_charges (missing in one class)"
    assert built.rows(
        "select count(*), count(*) filter (where known_outcome = 'Yes') "
        "from marts.customer_predictions"
    ) == [(7043, 1869)]
