"""What is published together was made of one input, as of one date, by one rule."""

import duckdb
import pytest
from conftest import run_dbt

from customer_analytics.publishing import PublishError, Table, publish

HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n"
LINES = "1,10001,2,2011-01-05 10:00,1.50,7\n2,10002,1,2011-02-05 10:00,9.00,8\n"
ORDERS, EXCLUDED = Table("marts", "orders"), Table("marts", "excluded_lines")
WITHOUT_TESTS = ("--exclude-resource-type", "test")
TABLES = [ORDERS, EXCLUDED]


@pytest.fixture
def logs(tmp_path):
    """Return two order logs that differ by a line."""
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    paths[0].write_text(HEADER + LINES)
    paths[1].write_text(HEADER + LINES + "3,10001,4,2011-02-06 10:00,1.50,8\n")
    return paths


def publish_orders(warehouse):
    return publish(warehouse / "build.duckdb", warehouse, TABLES)


def test_tables_of_two_builds_are_published_only_if_they_are_alike(build, logs):
    run = ("build", "--select", "+orders", "+excluded_lines", *WITHOUT_TESTS)
    first = build(logs[0], *run)
    assert first.success, first.message
    path = publish_orders(first.warehouse)
    before = path.read_bytes()
    excluded = ("run", "--select", "+excluded_lines")
    for log, settings, told in (
        (logs[1], {}, r"a\.csv \(marts\.orders\)"),
        (logs[0], {"as_of_date": "2011-02-01"}, r"as of 2011-02-01"),
        (logs[0], {"currency": "EUR"}, r"the same rules"),
    ):
        assert build(log, *excluded, **settings).success
        with pytest.raises(PublishError, match=told):
            publish_orders(first.warehouse)
        assert path.read_bytes() == before
    # Empty tables that dbt makes on demand are those of no input.
    assert build(logs[0], "run", "--select", "excluded_lines", "--empty").success
    with pytest.raises(PublishError, match="did not finish"):
        publish_orders(first.warehouse)
    assert build(logs[0], *excluded).success
    publish_orders(first.warehouse)


def test_what_failed_a_test_is_not_published_after_another_build(build, logs):
    run = ("build", "--select", "+orders", "+excluded_lines", *WITHOUT_TESTS)
    first = build(logs[0], *run)
    assert first.success, first.message
    spoil = "insert into intermediate.int_orders from intermediate.int_orders limit 1"
    with duckdb.connect(str(first.warehouse / "build.duckdb")) as connection:
        connection.execute(spoil)
    unique = "unique_orders_order_id"
    assert not build(logs[0], "build", "--select", "orders", unique).success
    assert build(logs[0], "run", "--select", "excluded_lines").success
    with pytest.raises(PublishError, match=r"failed a test \(marts\.orders\)"):
        publish_orders(first.warehouse)


def test_a_warehouse_with_an_apostrophe_builds_seeds_and_models(tmp_path, logs):
    built = run_dbt(
        tmp_path / "Jane's shop",
        {"transactions_path": str(logs[0])},
        *("build", "--select", "+orders", "+excluded_lines", "rfm_segments"),
        *WITHOUT_TESTS,
    )
    assert built.success, built.message
    publish_orders(built.warehouse)
