"""The past does not change: not by what happens later, and not by chance."""

import duckdb
import pytest
from conftest import FITTED, ROOT

# dbt's tests of the same data say nothing new here.
TABLES_ONLY = ("build", "--exclude-resource-types", "test")
# What is fitted is of one date and its history.
PAST_ONLY = (*TABLES_ONLY, "--exclude", *FITTED)

SAMPLE_DATE = "2024-09-01"
ONLINE_RETAIL_DATE = "2011-03-01"

PAST = {
    "int_customer_snapshots": "snapshot_date <= '{date}'",
    "int_order_snapshots": "snapshot_date <= '{date}'",
    "customer_rfm_history": "snapshot_date <= '{date}'",
    # What could not be observed yet at the earlier date is null there.
    "int_customer_outcomes": (
        "snapshot_date + horizon_days::int <= '{date}' and is_observed"
    ),
}


def past(table, date):
    schema = "intermediate" if table.startswith("int_") else "marts"
    return f"select * from {schema}.{table} where {PAST[table].format(date=date)}"


def copied(source, target, rest):
    with duckdb.connect() as connection:
        connection.execute(f"copy (select * from '{source}' {rest}) to '{target}'")
    return str(target)


def cut(source, folder, date):
    """Copy an order log up to a date, as its file was on that day.

    The build is told the date, as no order need have been made on the day before it.
    """
    return copied(source, folder / "cut.parquet", f"where InvoiceDate < '{date}'")


@pytest.fixture(scope="module")
def sample_at_a_date(sample_build, shared_build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample_cut")
    path = cut(ROOT / "data" / "transactions.parquet", folder, SAMPLE_DATE)
    return {
        "whole": sample_build,
        "as_of_date": shared_build(*PAST_ONLY, as_of_date=SAMPLE_DATE),
        "cut_file": shared_build(
            *PAST_ONLY, transactions_path=path, as_of_date=SAMPLE_DATE
        ),
    }


@pytest.fixture(scope="module")
def online_retail_at_a_date(
    online_retail, online_retail_build, shared_build, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("online_retail_cut")
    path = cut(online_retail, folder, ONLINE_RETAIL_DATE)
    variables = {
        "transactions_path": str(online_retail),
        "as_of_date": ONLINE_RETAIL_DATE,
    }
    return {
        "whole": online_retail_build,
        "as_of_date": shared_build(*PAST_ONLY, **variables),
        "cut_file": shared_build(*PAST_ONLY, **variables | {"transactions_path": path}),
    }


@pytest.mark.parametrize("earlier", ["as_of_date", "cut_file"])
@pytest.mark.parametrize("table", PAST)
def test_sample_as_known_at_a_date_is_what_it_was_then(
    sample_at_a_date, table, earlier
):
    whole, then = sample_at_a_date["whole"], sample_at_a_date[earlier]
    assert then.success, then.message
    rows = past(table, SAMPLE_DATE)
    assert then.rows(f"select count(*) > 5000 from ({rows})") == [(True,)]
    assert whole.difference(then, rows) == 0


@pytest.mark.parametrize("earlier", ["as_of_date", "cut_file"])
@pytest.mark.parametrize("table", PAST)
def test_online_retail_as_known_at_a_date_is_what_it_was_then(
    online_retail_at_a_date, table, earlier
):
    whole, then = online_retail_at_a_date["whole"], online_retail_at_a_date[earlier]
    assert then.success, then.message
    rows = past(table, ONLINE_RETAIL_DATE)
    assert then.rows(f"select count(*) > 20000 from ({rows})") == [(True,)]
    assert whole.difference(then, rows) == 0


@pytest.mark.parametrize("earlier", ["as_of_date", "cut_file"])
def test_earlier_builds_end_at_the_date(sample_at_a_date, earlier):
    then = sample_at_a_date[earlier]
    assert then.rows(
        "select max(snapshot_date)::varchar from intermediate.int_customer_snapshots"
    ) == [(SAMPLE_DATE,)]
    assert then.rows(
        f"select count(*) from marts.order_lines where ordered_at >= '{SAMPLE_DATE}'"
    ) == [(0,)]


def test_outcomes_beyond_the_date_are_not_known(sample_at_a_date):
    ((lines, *known),) = sample_at_a_date["as_of_date"].rows(
        "select count(*), count_if(is_observed), count(order_count), count(net_amount) "
        "from intermediate.int_customer_outcomes "
        f"where snapshot_date + horizon_days::int > '{SAMPLE_DATE}'"
    )
    assert lines > 5000
    assert known == [0, 0, 0]


@pytest.fixture(scope="module")
def sample_again(shared_build):
    return shared_build(*TABLES_ONLY)


@pytest.fixture(scope="module")
def sample_shuffled(shared_build, tmp_path_factory):
    path = copied(
        ROOT / "data" / "transactions.parquet",
        tmp_path_factory.mktemp("shuffled") / "shuffled.parquet",
        "order by hash(Invoice, StockCode, Quantity, 42)",
    )
    return shared_build(
        *TABLES_ONLY,
        transactions_path=path,
        customer_attributes_path="data/customer_attributes.parquet",
        customer_events_path="data/customer_events.parquet",
    )


def differing(first, second):
    assert second.success, second.message
    found = {
        table: first.difference(second, f"from {table}") for table in first.tables()
    }
    assert {"marts.customers", "marts.feature_correlations"} <= found.keys()
    return {table: count for table, count in found.items() if count}


def test_two_builds_of_the_same_data_are_equal(sample_build, sample_again):
    assert differing(sample_build, sample_again) == {}


def test_order_of_the_rows_does_not_matter(sample_build, sample_shuffled):
    assert differing(sample_build, sample_shuffled) == {}
