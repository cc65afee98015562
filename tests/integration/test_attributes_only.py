"""Customer attributes without any order: everything builds, the order tables empty."""

import json

import pytest
from conftest import REAL_DATA, ROOT, run_dbt

from customer_analytics.publishing import expected_tables, publish
from customer_analytics.summary import build_summary

BUILD = ("build",)
ORDERS_ONLY = ("build", "--exclude-resource-types", "test", "--select", "+orders")

PEOPLE = "CustomerID,Gender,Age,Annual Income (k$)\n7,f,30,40\n8,m,,50\n9,f,61,\n"
# The areas that are made of orders, and what they hold without one: every check of the
# reconciliation, at zero, and the row that says so.
AREAS = {"core", "rfm", "cohorts", "eda", "customers"}
FILLED = {"reconciliation": 4, "data_span": 1, "customer_attributes": 7}


def attributes_only(path, **variables):
    settings = {"transactions_path": "", "customer_attributes_path": str(path)}
    return settings | variables


def filled_tables(build):
    manifest = json.loads((build.warehouse / "target/manifest.json").read_text())
    tables = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["schema"] == "marts" and AREAS & set(node["tags"])
    }
    assert {"customers", "customer_rfm", "cohort_retention", "data_profile"} <= tables
    counts = {t: build.rows(f"select count(*) from marts.{t}")[0][0] for t in tables}
    return {table: count for table, count in counts.items() if count}


def clock(build):
    ((as_of_date, *orders),) = build.rows(
        "select as_of_date, first_order_date, last_order_date "
        "from intermediate.int_as_of_date"
    )
    assert orders == [None, None]
    return as_of_date and str(as_of_date)


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "people.csv"
    path.write_text(PEOPLE)
    return path


@pytest.fixture(scope="module")
def small(shared_build, people):
    build = shared_build(*BUILD, **attributes_only(people))
    assert build.success, build.message
    return build


def test_tables_of_orders_are_empty(small):
    assert filled_tables(small) == FILLED
    assert clock(small) is None


def test_attributes_are_there(small):
    assert small.rows(
        "select attribute_name, list(value_text order by customer_id) "
        "from staging.stg_customer_attributes group by all order by all"
    ) == [
        ("age", ["30", "61"]),
        ("annual_income", ["40", "50"]),
        ("gender", ["f", "m", "f"]),
    ]


def test_summary_says_that_there_are_no_orders(small):
    lines = build_summary(small.warehouse / "build.duckdb").splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["customers", "3"],
        ["attributes", "3"],
        ["orders", "0"],
        ["segments", "none"],
    ]


def test_empty_tables_are_published(small):
    expected = expected_tables(small.warehouse / "target")
    publish(small.warehouse / "build.duckdb", small.warehouse, expected)
    exports = {path.stem for path in (small.warehouse / "exports").iterdir()}
    # And what publishing itself makes.
    assert exports == {table.name for table in expected} | {"build_comparison"}


def test_the_as_of_date_can_be_given(build, people):
    built = build("", *BUILD, **attributes_only(people, as_of_date="2020-01-01"))
    assert built.success, built.message
    assert filled_tables(built) == FILLED
    assert clock(built) == "2020-01-01"


def test_orders_can_come_and_go(build, tmp_path):
    # One of the three has orders in the sample.
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE.replace("\n7,", "\n12346,"))
    sample = ROOT / "data" / "transactions.parquet"
    for path, has_orders in [("none", False), (sample, True), ("", False)]:
        built = build(path, *ORDERS_ONLY, customer_attributes_path=str(people))
        assert built.success, built.message
        assert built.rows("select count(*) > 0 from marts.orders") == [(has_orders,)]
        assert built.rows("select count(*) from raw.customer_attributes") == [(7,)]


def test_nothing_named_at_all_is_one_problem(small):
    again = run_dbt(small.warehouse, {"transactions_path": ""}, *ORDERS_ONLY)
    assert not again.success
    assert "1 problem:" in again.message
    assert "transactions_path: it is empty" in again.message
    assert "customer_attributes_path" in again.message
    assert again.rows("select count(*) from raw.customer_attributes") == [(7,)]


def test_mall_customers(shared_build):
    path = REAL_DATA / "mall_customers.csv"
    if not path.exists():
        pytest.skip(f"The mall customers are not there ({path.name} in shared/data)")
    built = shared_build(*BUILD, **attributes_only(path))
    assert built.success, built.message
    assert filled_tables(built) == FILLED | {"customer_attributes": 800}
    assert built.rows(
        "select attribute_name, count(*), count(value_number) "
        "from staging.stg_customer_attributes group by all order by all"
    ) == [
        ("age", 200, 200),
        ("annual_income", 200, 200),
        ("gender", 200, 0),
        ("spending_score", 200, 200),
    ]
