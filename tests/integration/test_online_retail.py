"""Real data: known figures, and the same results from independent computations."""

from collections import defaultdict
from itertools import groupby

import duckdb
import pandas as pd
import pytest
from conftest import FITTED, REAL_DATA
from published_workbook import write_workbook

BUILD = ("build",)
TABLES_ONLY = ("build", "--exclude-resource-types", "test")


def frame(build, sql):
    with duckdb.connect(str(build.warehouse / "build.duckdb")) as connection:
        return connection.execute(sql).df()


# --- Figures known from the literature and from counting the raw file.


def test_online_retail_builds(online_retail_build):
    assert online_retail_build.success, online_retail_build.message


def test_all_raw_lines_reconcile(online_retail_build):
    assert online_retail_build.rows(
        "select raw::int, (kept + excluded)::int, difference::int "
        "from marts.reconciliation where check_name = 'lines'"
    ) == [(1_067_371, 1_067_371, 0)]
    assert (
        online_retail_build.rows(
            "select check_name from marts.reconciliation where difference <> 0"
        )
        == []
    )


def test_known_customers_have_the_known_figures(online_retail_build):
    assert online_retail_build.rows(
        "select count(*), count(distinct order_id), count(distinct customer_id), "
        "count(distinct product_id), sum(line_amount)::varchar "
        "from marts.order_lines where line_type = 'sale' and customer_id is not null"
    ) == [(776_577, 36_594, 5_852, 4_619, "17068567.9700")]


def test_exact_duplicates_are_those_of_the_raw_file(online_retail, online_retail_build):
    raw = duckdb.sql(
        f"select (select count(*) from '{online_retail}') "
        f"- (select count(*) from (select distinct * from '{online_retail}'))"
    ).fetchall()
    assert raw == [(34_335,)]
    assert (
        online_retail_build.rows(
            "select count(*) from marts.excluded_lines "
            "where exclusion_reason = 'exact_duplicate'"
        )
        == raw
    )


def test_the_two_giant_orders_are_fully_returned(online_retail_build):
    assert online_retail_build.rows(
        "select order_id, unit_count::int, net_amount::int, is_fully_returned, "
        "order_number from marts.orders where order_id in ('541431', '581483') "
        "order by order_id"
    ) == [("541431", 74_215, 0, True, None), ("581483", 80_995, 0, True, None)]


# --- Computed again in other ways.


@pytest.fixture(scope="module")
def purchases(online_retail_build):
    orders = frame(
        online_retail_build,
        "select customer_id, order_id, ordered_date, net_amount, is_fully_returned "
        "from marts.orders where customer_id is not null",
    )
    return orders[~orders["is_fully_returned"]]


def score(values):
    return 1 + 5 * (values.rank(method="min").astype(int) - 1) // len(values)


def test_rfm_equals_pandas(online_retail_build, purchases):
    ours = frame(
        online_retail_build,
        "select customer_id, recency_days, order_count, net_amount::double net_amount, "
        "recency_score, frequency_score, monetary_score, rfm_score "
        "from marts.customer_rfm order by customer_id",
    ).set_index("customer_id")
    totals = purchases.groupby("customer_id").agg(
        last=("ordered_date", "max"),
        order_count=("order_id", "nunique"),
        net_amount=("net_amount", "sum"),
    )
    recency_days = (pd.Timestamp("2011-12-10") - totals["last"]).dt.days
    scores = pd.DataFrame(
        {
            "recency_score": score(-recency_days),
            "frequency_score": score(totals["order_count"]),
            "monetary_score": score(totals["net_amount"].round(4)),
        }
    )
    theirs = pd.concat(
        [recency_days.rename("recency_days"), totals.drop(columns="last"), scores],
        axis=1,
    ).assign(rfm_score=scores.astype(str).sum(axis=1))
    assert len(ours) > 5_800
    pd.testing.assert_frame_equal(
        ours, theirs, check_dtype=False, check_exact=False, rtol=1e-9
    )


def test_cohorts_equal_pandas(online_retail_build, purchases):
    keys = ["cohort_month", "month_number"]
    ours = frame(
        online_retail_build,
        "select cohort_month, month_number, cohort_size, active_customer_count, "
        "order_count, net_amount::double net_amount, retention_rate, "
        "cumulative_amount_per_customer::double cumulative "
        "from marts.cohort_retention order by all",
    ).set_index(keys)
    month = purchases["ordered_date"].dt.to_period("M")
    cohort = month.groupby(purchases["customer_id"]).transform("min")
    number = (month.dt.year - cohort.dt.year) * 12 + month.dt.month - cohort.dt.month
    cells = purchases.groupby([cohort.rename(keys[0]), number.rename(keys[1])]).agg(
        active_customer_count=("customer_id", "nunique"),
        order_count=("order_id", "count"),
        net_amount=("net_amount", "sum"),
    )
    last = pd.Period("2011-12")
    index = [
        (start, distance)
        for start in sorted(cohort.unique())
        for distance in range((last - start).n + 1)
    ]
    cells = cells.reindex(pd.MultiIndex.from_tuples(index, names=keys), fill_value=0)
    by_cohort = cells.groupby(level=0)
    size = by_cohort["active_customer_count"].transform("first")
    cells.insert(0, "cohort_size", size)
    cells["retention_rate"] = cells["active_customer_count"] / size
    cells["cumulative"] = by_cohort["net_amount"].cumsum() / size
    cells.index = cells.index.set_levels(cells.index.levels[0].to_timestamp(), level=0)
    assert len(cells) == 25 * 26 / 2
    pd.testing.assert_frame_equal(
        ours, cells, check_dtype=False, check_index_type=False, atol=6e-5
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("order_count", "recency_days"),
        ("net_amount", "order_count"),
        ("average_order_amount", "unit_count"),
        # Not known for every customer.
        ("median_days_between_orders", "recency_days"),
        ("discounted_line_share", "return_rate"),
    ],
)
def test_correlations_equal_pandas(online_retail_build, first, second):
    values = frame(
        online_retail_build,
        f"select {first}::double a, {second}::double b "
        "from intermediate.int_customer_snapshots where snapshot_date = '2011-12-10'",
    ).dropna()
    ((customers, pearson, spearman),) = online_retail_build.rows(
        "select customer_count, pearson, spearman from marts.feature_correlations "
        f"where feature_a = '{first}' and feature_b = '{second}'"
    )
    assert customers == len(values)
    assert pearson == pytest.approx(values.corr().loc["a", "b"], abs=1e-9)
    assert spearman == pytest.approx(values.rank().corr().loc["a", "b"], abs=1e-9)


def matched_one_by_one(sales, returns):
    """Match returns of a customer's product by the documented rule, in a plain loop.

    In time order, those of one moment side by side: first all take exactly the units
    left at their own price, then any units at that price, then exactly the units left
    at any price, then any; of equal ones the latest sale, never more than was sold.
    """
    left = {sale["order_line_id"]: sale["units"] for sale in sales}
    taken = defaultdict(int)
    ordered = sorted(returns, key=lambda r: (r["ordered_at"], r["order_line_id"]))
    for moment, lines in groupby(ordered, lambda r: r["ordered_at"]):
        now = [dict(line) for line in lines]
        for last_step in range(4):
            for line in now:
                while line["units"]:
                    offers = [
                        (-step, sale["ordered_at"], sale["order_line_id"])
                        for sale in sales
                        if sale["ordered_at"] <= moment and left[sale["order_line_id"]]
                        for step in (
                            2 * (sale["unit_price"] != line["unit_price"])
                            + (left[sale["order_line_id"]] != line["units"]),
                        )
                        if step <= last_step
                    ]
                    if not offers:
                        break
                    *_, sale_id = max(offers)
                    units = min(line["units"], left[sale_id])
                    taken[line["order_line_id"], sale_id] += units
                    left[sale_id] -= units
                    line["units"] -= units
    return taken


def test_return_matches_equal_a_plain_loop(online_retail_build):
    names = ("order_line_id", "units", "unit_price", "ordered_at")
    lines = defaultdict(lambda: {"sale": [], "return": []})
    for customer, product, line_type, *values in online_retail_build.rows(
        "select customer_id, product_id, line_type, order_line_id, abs(quantity), "
        "unit_price, ordered_at from marts.order_lines where customer_id is not null"
    ):
        kind = lines[customer, product][line_type]
        kind.append(dict(zip(names, values, strict=True)))
    expected = {}
    for pair in lines.values():
        if pair["return"]:
            expected |= matched_one_by_one(pair["sale"], pair["return"])
    found = online_retail_build.rows(
        "select (return_line_id, sale_line_id), returned_units "
        "from intermediate.int_return_matches"
    )
    assert len(found) == len(dict(found)) > 10_000
    assert dict(found) == expected


def test_returned_units_are_valued_at_the_price_they_were_sold_at(online_retail_build):
    assert online_retail_build.rows(
        "select count(*) from intermediate.int_return_matches as matches "
        "inner join marts.order_lines as sales "
        "on matches.sale_line_id = sales.order_line_id "
        "where matches.order_id <> sales.order_id "
        "or matches.returned_amount <> matches.returned_units * sales.unit_price"
    ) == [(0,)]


# --- The same data as the workbook it was published as.


@pytest.fixture(scope="module")
def workbook_build(online_retail, shared_build, tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "online_retail_II.xlsx"
    write_workbook(online_retail, path)
    # What is fitted follows from the other tables.
    return shared_build(
        *TABLES_ONLY,
        "--exclude",
        *FITTED,
        transactions_path=str(path),
        customer_attributes_path="",
    )


def test_workbook_is_read_to_the_last_row(workbook_build):
    assert workbook_build.success, workbook_build.message
    assert workbook_build.rows(
        "select sheet, row_count from raw.input_files order by sheet"
    ) == [("Year 2009-2010", 525_461), ("Year 2010-2011", 541_910)]


@pytest.mark.parametrize(
    "columns",
    ["raw_invoice", "raw_stock_code", "raw_description", "quantity", "ordered_at"]
    + ["unit_price", "raw_customer_id", "raw_country"],
)
def test_workbook_holds_the_same_values(online_retail_build, workbook_build, columns):
    values = f"select {columns}::varchar, count(*) from staging.stg_transactions"
    same = online_retail_build.difference(workbook_build, f"{values} group by all")
    assert same == 0


# Excel does not tell 0 from 0.0, nor whole numbers from decimals.
AS_WRITTEN = {
    "marts.excluded_lines": "* exclude (unit_price)",
    "marts.data_profile": "column_name, line_count, null_count, distinct_count, "
    "round(mean_value, 6)",
}


def test_workbook_builds_the_same_tables(online_retail_build, workbook_build):
    different = {}
    tables = workbook_build.tables()
    assert {"marts.order_lines", "marts.customer_rfm_history"} <= set(tables)
    for table in tables:
        query = f"select {AS_WRITTEN.get(table, '*')} from {table}"
        if count := online_retail_build.difference(workbook_build, query):
            different[table] = count
    assert different == {}


# --- A log of amounts.


@pytest.fixture(scope="module")
def cdnow():
    """Return CDNOW as (customer, day, number of CDs, amount), one per line."""
    path = REAL_DATA / "cdnow_sample.txt"
    if not path.exists():
        pytest.skip(f"CDNOW is not there ({path.name} in shared/data)")
    rows = [row.split() for row in path.read_text().splitlines() if row.strip()]
    return [(row[0], row[2], int(row[3]), row[4]) for row in rows]


@pytest.fixture(scope="module")
def cdnow_build(cdnow, shared_build, tmp_path_factory):
    path = tmp_path_factory.mktemp("cdnow") / "cdnow.csv"
    lines = (",".join(map(str, row)) for row in cdnow)
    path.write_text("\n".join(["id,day,cds,dollars", *lines]) + "\n")
    build = shared_build(
        *BUILD,
        transactions_path=str(path),
        transaction_columns={
            "customer_id": "id",
            "invoice_date": "day",
            "quantity": "cds",
            "amount": "dollars",
        },
        currency="USD",
    )
    assert build.success, build.message
    return build


def test_cdnow_orders_are_days_on_which_a_customer_paid(cdnow, cdnow_build):
    days = {(customer, day) for customer, day, _, amount in cdnow if float(amount)}
    assert len(days) == 6_688
    assert cdnow_build.rows(
        "select count(*), count(distinct (customer_id, ordered_date)) from marts.orders"
    ) == [(len(days), len(days))]


def test_cdnow_customers_who_only_got_something_free_are_left_out(cdnow, cdnow_build):
    all_customers = {row[0] for row in cdnow}
    free = {(row[0], row[1]) for row in cdnow if not float(row[3])}
    paying = {row[0] for row in cdnow if float(row[3])}
    assert (len(all_customers), len(free), len(paying)) == (2_357, 8, 2_349)
    found = cdnow_build.rows("select customer_id from marts.customers")
    assert {customer for (customer,) in found} == paying


def test_cdnow_amounts_and_units_are_those_of_distinct_rows(cdnow, cdnow_build):
    distinct = {row for row in cdnow if float(row[3])}
    assert len(cdnow) - len(distinct) == 8 + 21
    amount = sum(round(float(row[3]) * 100) for row in distinct)
    assert cdnow_build.rows(
        "select (100 * sum(net_amount))::int, sum(unit_count)::int from marts.orders"
    ) == [(amount, sum(row[2] for row in distinct))]


def test_cdnow_has_no_products_and_everything_else(cdnow_build):
    empty = [
        table
        for table in cdnow_build.tables()
        if cdnow_build.rows(f"select count(*) from {table}") == [(0,)]
    ]
    about_products = [
        *("association_rule_items", "association_rules", "cross_sell_gaps"),
        *("customer_affinity", "customer_network", "customer_recommendations"),
        *("inventory_signals", "itemset_items", "itemsets", "popular_products"),
        *("product_affinity", "product_network", "products"),
    ]
    # Nobody's first order is known to be one: all came in the first twelve weeks.
    others = ["customer_attributes", "first_order_predictions"]
    assert empty == sorted(f"marts.{table}" for table in [*about_products, *others])
    assert cdnow_build.rows("from marts.reconciliation where difference <> 0") == []
