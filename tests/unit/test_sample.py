"""The sample holds what it says was planted, and large samples hold their promises."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from customer_analytics.sample import (
    make_sample,
    stream_transactions,
    write,
    write_sample,
)

DATA = Path(__file__).parents[2] / "data"
REPEAT_GROUPS = "'loyal', 'discount_seeker', 'lapsing_regular'"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Folder with a fresh sample and its truth, and the sample in memory."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, write_sample(folder, with_truth=True)


@pytest.fixture(scope="module")
def sample(written):
    return written[1]


@pytest.fixture(scope="module")
def shop(written):
    """Return a connection to the sample: lines with their truth, and purchases."""
    folder, _ = written
    connection = duckdb.connect()
    for name in ("customer_truth", "product_truth", "bundle_truth"):
        connection.execute(
            f"create table {name} as from read_parquet('{folder}/{name}.parquet')"
        )
    connection.execute(
        f"""
        create table line as
        select
            raw.Invoice as invoice, upper(raw.StockCode) as code, raw.Quantity as units,
            raw.Price as price, raw.InvoiceDate as sold_at, raw.StockCode as raw_code,
            raw."Customer ID" as customer_id, truth.*,
        from '{folder}/transactions.parquet' as raw
        positional join '{folder}/line_truth.parquet' as truth
        """
    )
    connection.execute(
        """
        create table purchase as
        select
            invoice, customer_id, sold_at, count(*) as line_count,
            sum(units * price) as amount, sum(units) as units,
        from line
        where kind = 'sale' and not is_copy
        group by all
        """
    )
    return connection


def one(connection, query):
    """Return the only value of a query."""
    return connection.sql(query).fetchall()[0][0]


def by_key(connection, query):
    """Return the rows of a query as a dict of its first column to its second."""
    return dict(connection.sql(query).fetchall())


# The files


@pytest.mark.parametrize(
    "name", ["transactions", "customer_attributes", "customer_events"]
)
def test_committed_file_is_what_the_generator_makes(written, name):
    committed, fresh = DATA / f"{name}.parquet", written[0] / f"{name}.parquet"
    for left, right in ((committed, fresh), (fresh, committed)):
        missing = f"select count(*) from (from '{left}' except all from '{right}')"
        assert one(duckdb, missing) == 0


def test_rerun_writes_the_same_bytes(written, tmp_path):
    write_sample(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (written[0] / path.name).read_bytes()


def test_truth_is_written_only_on_request(written, tmp_path):
    write_sample(tmp_path)
    names = {
        *("transactions.parquet", "customer_attributes.parquet"),
        "customer_events.parquet",
    }
    assert {path.name for path in tmp_path.iterdir()} == names
    truths = {"customer_truth", "product_truth", "bundle_truth", "line_truth"}
    planted = {f"{name}.parquet" for name in truths}
    assert {path.name for path in written[0].iterdir()} == names | planted


def test_sample_is_smaller_than_a_megabyte():
    assert sum(path.stat().st_size for path in DATA.glob("*.parquet")) < 1_000_000


def test_columns_have_the_names_and_types_of_online_retail():
    rows = duckdb.sql(f"describe from '{DATA}/transactions.parquet'").fetchall()
    columns = {row[0]: row[1] for row in rows}
    assert columns == {
        "Invoice": "VARCHAR",
        "StockCode": "VARCHAR",
        "Description": "VARCHAR",
        "Quantity": "BIGINT",
        "InvoiceDate": "TIMESTAMP",
        "Price": "DOUBLE",
        "Customer ID": "BIGINT",
        "Country": "VARCHAR",
    }


def test_other_seed_makes_another_sample():
    first, second = (make_sample(customer_count=50, seed=seed) for seed in (1, 2))
    again = make_sample(customer_count=50, seed=1)
    for name, column in first.transactions.items():
        np.testing.assert_array_equal(column, again.transactions[name])
    assert first.line_counts["row"] != second.line_counts["row"]


def test_sample_starts_on_the_date_asked_for():
    dates = make_sample(customer_count=50, first_date=date(2020, 1, 15)).transactions[
        "InvoiceDate"
    ]
    assert np.datetime64("2020-01-15") <= dates.min() < np.datetime64("2020-01-25")
    assert np.datetime64("2021-12-31") < dates.max() < np.datetime64("2022-01-15")


def test_too_few_customers_are_refused():
    with pytest.raises(ValueError, match="customer_count=49 needs >= 50"):
        make_sample(customer_count=49)


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_sample(tmp_path / "nowhere")


# Sizes


def test_sizes_are_as_described(sample, shop):
    assert 50_000 <= sample.line_counts["row"] <= 100_000
    assert len(sample.transactions["Invoice"]) == sample.line_counts["row"]
    assert one(shop, "select count(distinct customer_id) from line") == 2000
    assert len(sample.product_truth["stock_code"]) == 500
    assert one(shop, "select avg((customer_id is null)::int) from line") < 0.2
    assert 0.15 < sample.line_counts["guest"] / sample.line_counts["row"] < 0.2


def test_every_product_has_one_code_and_family(sample):
    codes = sample.product_truth["stock_code"]
    assert len(set(codes)) == 500
    assert len(set(sample.product_truth["family"])) == 12
    assert all(code[:5].isdigit() and code[5:] in "ABCDEF" for code in codes)


# Customers


def test_a_third_of_the_customers_order_once(shop):
    share = one(
        shop,
        """
        select avg((order_count = 1)::int)
        from (
            select count(*) as order_count from purchase
            where customer_id is not null group by customer_id
        )
        """,
    )
    assert 0.25 <= share <= 0.35


def test_groups_have_the_planted_shares(shop):
    counts = by_key(
        shop, 'select "group", count(*) from customer_truth group by "group"'
    )
    assert counts == {
        "loyal": 300,
        "wholesale": 100,
        "discount_seeker": 420,
        "one_time": 340,
        "gift_buyer": 340,
        "lapsing_regular": 500,
    }


def group_means(shop, expression):
    """Return the mean of an expression over the sale lines of each group."""
    return by_key(
        shop,
        f"""
        select "group", avg({expression})
        from line
        inner join purchase using (invoice, customer_id, sold_at)
        inner join customer_truth using (customer_id)
        inner join product_truth on stock_code = code
        where kind = 'sale'
        group by "group"
        """,
    )


def test_wholesale_buys_large_quantities(shop):
    mean = group_means(shop, "line.units")
    wholesale = mean.pop("wholesale")
    assert all(wholesale > 3 * other for other in mean.values())


def test_discount_seekers_buy_mainly_below_the_usual_price(shop):
    share = group_means(shop, "(price < usual_price - 0.005)::int")
    assert share.pop("discount_seeker") > 0.5
    assert all(other < 0.25 for other in share.values())


def test_gift_buyers_come_before_christmas(shop):
    share = group_means(shop, "(month(sold_at) in (11, 12))::int")
    assert share.pop("gift_buyer") > 0.7
    assert all(other < 0.3 for other in share.values())


def test_loyal_customers_order_most_and_one_time_buyers_once(shop):
    orders = by_key(
        shop,
        """
        select "group", count(*) / count(distinct customer_id)
        from purchase inner join customer_truth using (customer_id) group by "group"
        """,
    )
    assert orders["one_time"] == 1
    assert max(orders, key=orders.get) == "loyal"
    assert orders["loyal"] > 2 * orders["lapsing_regular"]


def test_order_values_follow_the_planted_mean_and_have_a_heavy_tail(shop):
    correlation, top_share = shop.sql(
        """
        with customer as (
            select customer_id, avg(amount) as mean_amount, sum(amount) as total
            from purchase where customer_id is not null
            group by customer_id having count(*) >= 5
        )
        select
            corr(ln(mean_amount), ln(mean_order_value)),
            sum(total) filter (size_rank <= 0.1) / sum(total),
        from (
            select *, percent_rank() over (order by total desc) as size_rank
            from customer
        )
        inner join customer_truth using (customer_id)
        """
    ).fetchall()[0]
    assert correlation > 0.9
    assert top_share > 0.3


def test_order_rate_follows_the_planted_rate(shop):
    # Of those still active, over their own time since the first order.
    correlation = one(
        shop,
        """
        with customer as (
            select
                customer_id, count(*) as order_count,
                date_diff('day', min(sold_at), timestamp '2025-06-30') as days,
            from purchase group by customer_id
        )
        select corr((order_count - 1) / days * 30.44, orders_per_month)
        from customer inner join customer_truth using (customer_id)
        where not is_churned and days > 180 and "group" != 'gift_buyer'
        """,
    )
    assert correlation > 0.9


def test_nobody_orders_after_leaving(shop):
    orders_after = """
        select count(*) from purchase inner join customer_truth using (customer_id)
        where is_churned and sold_at::date > churn_date
    """
    assert one(shop, orders_after) == 0
    assert one(shop, "select count(*) from customer_truth where is_churned") > 700
    dates = (
        "select count(churn_date) - count(*) filter (is_churned) from customer_truth"
    )
    assert one(shop, dates) == 0


def leaving_shares(shop, reason):
    """Return the share of orders that were the last, without and with a reason."""
    return by_key(
        shop,
        f"""
        with ordered as (
            select
                *, sold_at::date - lag(sold_at) over own::date as gap_days,
                lead(sold_at) over own is null as is_latest,
            from purchase window own as (partition by customer_id order by sold_at)
        )
        select {reason} as has_reason, avg((is_latest and is_churned)::int)
        from ordered inner join customer_truth using (customer_id)
        where "group" in ({REPEAT_GROUPS}) and {reason} is not null
        group by has_reason
        """,
    )


def test_a_return_makes_leaving_more_likely(shop):
    share = leaving_shares(
        shop,
        """exists (
            from line as back where back.kind = 'return'
            and back.customer_id = ordered.customer_id
            and back.sold_at > ordered.sold_at
            and back.sold_at < ordered.sold_at + interval 30 day
        )""",
    )
    assert share[True] > 1.5 * share[False]


def test_a_long_gap_makes_leaving_more_likely(shop):
    share = leaving_shares(shop, "gap_days * orders_per_month / 30.44 > 2.2")
    assert share[True] > 1.4 * share[False]


def test_discount_seekers_leave_more_often_than_loyal_customers(shop):
    share = by_key(
        shop, 'select "group", avg(is_churned::int) from customer_truth group by 1'
    )
    assert share["one_time"] == 1
    assert share["discount_seeker"] > 1.8 * share["loyal"]
    assert share["lapsing_regular"] > 1.8 * share["loyal"]


def test_new_customers_arrive_in_every_month(shop):
    counts = by_key(
        shop,
        """
        select date_trunc('month', first_at), count(*)
        from (
            select min(sold_at) as first_at from purchase
            where customer_id is not null group by customer_id
        )
        group by 1
        """,
    )
    assert len(counts) == 24
    assert min(counts.values()) > 20


# Attributes


def test_most_customers_have_attributes_within_range(sample):
    attributes = sample.customer_attributes
    assert 0.82 < len(attributes["CustomerID"]) / 2000 < 0.88
    assert set(attributes["CustomerID"]) <= set(sample.customer_truth["customer_id"])
    assert len(set(attributes["CustomerID"])) == len(attributes["CustomerID"])
    ranges = {
        "Age": (18, 85),
        "Annual Income (k$)": (12, 160),
        "Spending Score (1-100)": (1, 100),
    }
    for name, (low, high) in ranges.items():
        column = attributes[name]
        assert low <= column.min() and column.max() <= high
        assert 5 < column.mask.sum() < 60
    assert set(attributes["Gender"]) == {"Female", "Male", None}


def test_income_and_score_show_the_groups(sample):
    truth = dict(
        zip(
            sample.customer_truth["customer_id"].tolist(),
            sample.customer_truth["group"].tolist(),
            strict=True,
        )
    )
    attributes = sample.customer_attributes
    group = np.array([truth[key] for key in attributes["CustomerID"].tolist()])
    centre = {
        name: (
            attributes["Annual Income (k$)"][group == name].mean(),
            attributes["Spending Score (1-100)"][group == name].mean(),
        )
        for name in set(group)
    }
    assert centre["loyal"] == pytest.approx((84, 83), abs=2)
    assert centre["discount_seeker"] == pytest.approx((29, 78), abs=2)
    assert centre["lapsing_regular"] == pytest.approx((40, 20), abs=2)
    opens = attributes["Email Opens"]
    assert (
        opens[group == "discount_seeker"].mean() > 5 * opens[group == "one_time"].mean()
    )


# Products


def pair_lifts(shop, pairs):
    """Return the lift of each pair of codes over all purchases."""
    shop.execute("create or replace temp table pair (a varchar, b varchar)")
    shop.executemany("insert into pair values (?, ?)", pairs)
    rows = shop.sql(
        """
        with item as (select distinct invoice, code from line where kind = 'sale'),
        total as (select count(distinct invoice) as n from item),
        alone as (select code, count(*) as n from item group by code),
        pair_count as (
            select pair.a, pair.b, count(*) as n
            from pair
            inner join item as x on x.code = pair.a
            inner join item as y on y.code = pair.b and y.invoice = x.invoice
            group by all
        )
        select coalesce(pair_count.n, 0) * total.n / (one.n * other.n)
        from pair
        left join pair_count using (a, b)
        inner join alone as one on one.code = pair.a
        inner join alone as other on other.code = pair.b
        cross join total
        """
    ).fetchall()
    return [row[0] for row in rows]


def test_bundles_are_bought_together_and_random_pairs_are_not(sample, shop):
    assert len(sample.bundle_truth) == 12
    planted = [
        (bundle["codes"][0], code)
        for bundle in sample.bundle_truth.values()
        for code in bundle["codes"][1:]
    ]
    assert min(pair_lifts(shop, planted)) > 3

    bundled = {code for pair in planted for code in pair}
    popular = shop.sql(
        """
        select code, family from line inner join product_truth on stock_code = code
        where kind = 'sale' and season = 'flat'
        group by all order by count(*) desc, code limit 140
        """
    ).fetchall()
    # Large baskets, and a customer's taste for a family, lift every pair a little.
    unplanted = [row for row in popular if row[0] not in bundled]
    shuffled = np.random.default_rng(0).permutation(len(unplanted)).tolist()
    pairs = [
        (unplanted[i][0], unplanted[j][0])
        for i, j in zip(shuffled[::2], shuffled[1::2], strict=False)
        if unplanted[i][1] != unplanted[j][1]
    ]
    lifts = pair_lifts(shop, pairs)
    assert len(lifts) > 30
    assert max(lifts) < 3
    assert np.mean(lifts) < 2


def test_bundle_products_follow_their_leader_as_often_as_planted(sample, shop):
    # The leader is also bought alone, so the strength is a bound seldom exceeded.
    for bundle in sample.bundle_truth.values():
        leader, *others = bundle["codes"]
        followed = by_key(
            shop,
            f"""
            with basket as (select distinct invoice from line where code = '{leader}')
            select code, count(distinct invoice) / (select count(*) from basket)
            from line semi join basket using (invoice) group by code
            """,
        )
        for other in others:
            assert 0.4 < followed[other] / bundle["strength"] < 1.02


def test_popularity_is_long_tailed(shop):
    query = "select code, count(*) from line where kind = 'sale' group by code"
    counts = sorted(by_key(shop, query).values())
    assert sum(counts[-100:]) > 0.4 * sum(counts)


def test_products_are_sold_only_while_on_sale(shop):
    outside = """
        select count(*) from line inner join product_truth on stock_code = code
        where kind = 'sale'
        and date_trunc('month', sold_at) not between first_month and last_month
    """
    assert one(shop, outside) == 0
    late = "select count(*) from product_truth where first_month > '2023-07-01'"
    gone = "select count(*) from product_truth where last_month < '2025-06-01'"
    assert 20 < one(shop, late) < 100
    assert 10 < one(shop, gone) < 80


def test_prices_are_the_usual_price_or_ten_to_thirty_percent_below(shop):
    low, high, usual = shop.sql(
        """
        select
            min(price / usual_price) filter (usual_price > 1), max(price / usual_price),
            avg((price = usual_price)::int),
        from line inner join product_truth on stock_code = code where kind = 'sale'
        """
    ).fetchall()[0]
    assert 0.695 < low < 0.71
    assert high == 1
    assert 0.7 < usual < 0.9


# Calendar


def test_trade_peaks_before_christmas_and_dips_in_summer(shop):
    orders = by_key(
        shop,
        """
        select month(sold_at), count(*) from purchase
        where sold_at >= '2024-01-01' and sold_at < '2025-01-01' group by 1
        """,
    )
    assert max(orders, key=orders.get) == 11
    assert orders[11] > 1.8 * orders[5]
    assert orders[8] < orders[5]


def test_shop_is_closed_on_saturdays_and_at_night(shop):
    moments = "from line where kind not in ('giant_sale', 'giant_return', 'discount')"
    saturdays = f"select count(*) {moments} and isodow(sold_at) = 6"
    assert one(shop, saturdays) == 0
    hours = by_key(shop, f"select hour(sold_at), count(*) {moments} group by 1")
    assert set(hours) == set(range(8, 20))
    assert max(hours, key=hours.get) == 12


def test_christmas_products_sell_before_christmas(shop):
    share = by_key(
        shop,
        """
        select season, avg((month(sold_at) in (9, 10, 11, 12))::int)
        from line inner join product_truth on stock_code = code
        where kind = 'sale' group by season
        """,
    )
    assert share["christmas"] > 0.85
    assert share["summer"] < 0.35


# Dirt


def test_copies_are_the_only_duplicate_rows(sample, shop, written):
    path = written[0] / "transactions.parquet"
    distinct = one(duckdb, f"select count(*) from (select distinct * from '{path}')")
    assert sample.line_counts["row"] - distinct == sample.line_counts["copy"]
    assert 0.01 < sample.line_counts["copy"] / sample.line_counts["row"] < 0.02
    in_overlap = one(
        shop,
        "select avg((sold_at >= '2024-06-24' and sold_at < '2024-07-01')::int)"
        " from line where is_copy",
    )
    assert 0.3 < in_overlap < 0.8


def test_counts_of_the_truth_are_those_of_the_rows(sample, shop):
    counts = sample.line_counts
    products = "regexp_full_match(code, '[0-9]{5}[A-F]?')"
    expected = {
        "cancellation": "invoice like 'C%'",
        "bad_debt": "invoice like 'A%' and code = 'B'",
        "without_customer": "customer_id is null",
        "write_off": "units < 0 and price = 0 and customer_id is null",
        "not_a_product": f"not {products}",
        "lower_case_code": f"{products} and raw_code != code",
    }
    for name, condition in expected.items():
        found = one(shop, f"select count(*) from line where {condition}")
        assert found == counts[name] > 0, name
    free = one(shop, "select count(*) from line where price = 0 and units > 0")
    assert free == counts["zero_price"] + counts["free_gift"]
    owned = one(shop, "select count(*) from line where customer_id is not null")
    assert owned == counts["row"] - counts["without_customer"]
    assert counts["guest"] < counts["without_customer"]


def test_only_bad_debt_has_a_negative_price(shop):
    assert one(shop, "select count(*) from line where price < 0 and not is_copy") == 2
    assert one(shop, "select bool_and(kind = 'bad_debt') from line where price < 0")


def test_negative_quantities_are_cancellations_or_write_offs(shop):
    negative = "(units < 0) = (invoice like 'C%' or kind = 'write_off')"
    assert one(shop, f"select bool_and({negative}) from line")


def test_returns_never_exceed_earlier_sales_unless_planted(shop):
    # By customer and product, the balance is never below zero at any moment.
    balances = """
        with moves as (
            select *, sum(units) over (
                partition by customer_id, code order by sold_at
                range between unbounded preceding and current row
            ) as balance
            from line
            where customer_id is not null and not is_copy and kind in ({kinds})
        )
        select count(*) from moves where balance < 0
    """
    matched = "'sale', 'giant_sale', 'return', 'giant_return'"
    assert one(shop, balances.format(kinds=matched)) == 0
    assert one(shop, balances.format(kinds=matched + ", 'unmatched_return'")) > 0


def test_unmatched_returns_come_before_any_purchase(shop):
    planted, early = shop.sql(
        """
        with firsts as (
            select customer_id, min(sold_at) as first_at from purchase group by 1
        )
        select count(*), count(*) filter (sold_at < first_at)
        from line inner join firsts using (customer_id)
        where kind = 'unmatched_return' and not is_copy
        """
    ).fetchall()[0]
    assert planted == early
    assert 5 <= planted <= 60


def test_return_price_is_that_of_the_sale(shop):
    unlike = """
        select count(*) from line as back
        where kind = 'return' and customer_id is not null and not exists (
            from line as sale where sale.kind = 'sale' and sale.code = back.code
            and sale.customer_id = back.customer_id and sale.price = back.price
            and sale.sold_at < back.sold_at and sale.units >= -back.units
        )
    """
    assert one(shop, unlike) == 0


def test_giant_orders_are_cancelled_within_the_hour(shop):
    rows = shop.sql(
        """
        select sale.units, date_diff('minute', sale.sold_at, back.sold_at)
        from line as sale inner join line as back
        on back.customer_id = sale.customer_id and back.units = -sale.units
        and back.code = sale.code
        where sale.kind = 'giant_sale' and back.kind = 'giant_return'
        and not sale.is_copy and not back.is_copy
        order by all
        """
    ).fetchall()
    assert rows == [(61_440, 14), (74_016, 14)]


def test_invoices_are_numbered_in_time_order(shop):
    backwards = """
        select count(*) from (
            select sold_at < lag(sold_at) over (order by number) as is_backwards
            from (select distinct invoice[-6:]::int as number, sold_at from line)
        ) where is_backwards
    """
    assert one(shop, backwards) == 0


def test_one_product_may_have_several_descriptions(written):
    described = f"""
        select count(*) from (
            select upper(StockCode) from '{written[0]}/transactions.parquet'
            where Price > 0 group by 1 having count(distinct Description) = 2
        )
    """
    assert 5 <= one(duckdb, described) <= 20
    missing = f"""
        select count(*) from '{written[0]}/transactions.parquet'
        where Description is null
    """
    assert one(duckdb, missing) > 20


# Any number of lines

# Events


def test_visits_become_more_before_orders(written, shop):
    """Twice as many in the weeks before an order as the customer's own usual."""
    folder, _ = written
    ((before, usual),) = shop.sql(
        f"""
        with visits as (
            select CustomerID as customer_id, EventAt as visited_at
            from '{folder}/customer_events.parquet' where EventType = 'Site visit'
        ),
        buyers as (
            select
                customer_id, min(sold_at) as first_at, max(sold_at) as last_at,
                count(*) as order_count
            from purchase group by customer_id having count(*) between 2 and 6
        ),
        counted as (
            select
                buyers.customer_id,
                order_count,
                date_diff('day', first_at, last_at) as days,
                count_if(visited_at between first_at and last_at) as visit_count,
                count_if(exists (
                    from purchase where purchase.customer_id = buyers.customer_id
                    and sold_at > first_at
                    and visited_at between sold_at - interval 40 days and sold_at
                )) as before_count
            from buyers inner join visits using (customer_id)
            group by all
        )
        select
            sum(before_count) / sum((order_count - 1) * 40),
            sum(visit_count - before_count) / sum(days - (order_count - 1) * 40)
        from counted where days > 40 * order_count
        """
    ).fetchall()
    assert before > 1.8 * usual


def test_bad_reviews_come_before_leaving(written, shop):
    folder, _ = written
    shares = by_key(
        shop,
        f"""
        select
            coalesce(EventAt between churn_date
                and churn_date + interval 15 days, false),
            avg((Value <= 2)::int)
        from '{folder}/customer_events.parquet' as events
        inner join customer_truth on events.CustomerID = customer_truth.customer_id
        where EventType = 'Review' group by 1
        """,
    )
    assert shares[True] > 0.7
    assert shares[False] < 0.12


def test_events_have_words_where_they_are_reviews(written):
    folder, _ = written
    rows = duckdb.sql(
        f"select EventType, count(*) > 1000, count(Value) = count(*), "
        f"count(Text) = count(*) from '{folder}/customer_events.parquet' "
        "group by all order by all"
    ).fetchall()
    assert rows == [
        ("E-mail opened", True, False, False),
        ("Review", True, True, True),
        ("Site visit", True, True, False),
    ]


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    """Folder with 120,000 streamed lines in files of 50,000."""
    folder = tmp_path_factory.mktemp("stream")
    assert stream_transactions(120_000, folder, seed=5, lines_per_file=50_000) == 3
    return folder


def test_stream_has_exactly_the_lines_asked_for(stream):
    counts = [
        one(duckdb, f"select count(*) from '{stream}/part-{index:05d}.parquet'")
        for index in range(3)
    ]
    assert counts == [50_000, 50_000, 20_000]
    assert len(list(stream.iterdir())) == 3


@pytest.mark.parametrize("line_count", [1, 7, 3_001])
def test_stream_of_few_lines_has_exactly_as_many(tmp_path, line_count):
    files = stream_transactions(line_count, tmp_path, seed=3, lines_per_file=2_000)
    assert files == -(-line_count // 2_000)
    assert one(duckdb, f"select count(*) from '{tmp_path}/*.parquet'") == line_count


@pytest.mark.parametrize("column", ["Invoice", "Customer ID"])
def test_streamed_numbers_are_of_one_file(stream, column):
    shared = f"""
        select count(*) from (
            select "{column}" from read_parquet('{stream}/*.parquet', filename = true)
            where "{column}" is not null
            group by 1 having count(distinct filename) > 1
        )
    """
    assert one(duckdb, shared) == 0


def test_streamed_invoice_has_one_customer_and_moment(stream):
    mixed = f"""
        select count(*) from (
            select Invoice from '{stream}/*.parquet' group by 1
            having count(distinct InvoiceDate) > 1
            or count(distinct coalesce("Customer ID", 0)) > 1
        )
    """
    assert one(duckdb, mixed) == 0


def test_stream_has_the_proportions_of_online_retail(stream):
    guests, per_invoice, per_customer, cancelled = duckdb.sql(
        f"""
        select
            avg(("Customer ID" is null)::int),
            count(*) / count(distinct Invoice),
            count(*) / count(distinct "Customer ID"),
            avg((Invoice like 'C%')::int),
        from '{stream}/*.parquet'
        """
    ).fetchall()[0]
    assert 0.18 < guests < 0.3
    assert 15 < per_invoice < 25
    assert 120 < per_customer < 220
    assert 0.01 < cancelled < 0.03


def test_every_streamed_file_covers_the_period(stream):
    spans = duckdb.sql(
        f"""
        select date_diff('day', min(InvoiceDate), max(InvoiceDate))
        from read_parquet('{stream}/*.parquet', filename = true) group by filename
        """
    ).fetchall()
    assert all(span > 720 for (span,) in spans)


def test_streamed_returns_have_their_sales(stream):
    # The cut to an exact number of lines must not separate a return from its sale.
    unmatched = f"""
        with back as (
            select distinct * from '{stream}/*.parquet'
            where Invoice like 'C%' and "Customer ID" is not null
            and regexp_full_match(StockCode, '[0-9]{{5}}[A-F]?')
        )
        select avg((not exists (
            from '{stream}/*.parquet' as sale
            where sale."Customer ID" = back."Customer ID"
            and upper(sale.StockCode) = back.StockCode
            and sale.InvoiceDate < back.InvoiceDate and sale.Quantity >= -back.Quantity
        ))::int)
        from back
    """
    assert one(duckdb, unmatched) < 0.05


def test_same_seed_streams_the_same_lines(stream, tmp_path):
    stream_transactions(120_000, tmp_path, seed=5, lines_per_file=50_000)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (stream / path.name).read_bytes()


def test_stream_holds_one_block_at_a_time(tmp_path, monkeypatch):
    # A file larger than a block is put together from several.
    monkeypatch.setattr(write, "BLOCK_LINES", 10_000)
    drawn = []
    make_block = write.make_block

    def counting(*args, **kwargs):
        block = make_block(*args, **kwargs)
        drawn.append(block.lines.kind.size)
        return block

    monkeypatch.setattr(write, "make_block", counting)
    stream_transactions(30_000, tmp_path, seed=1, lines_per_file=30_000)
    assert len(drawn) >= 3
    assert max(drawn) < 20_000
    assert one(duckdb, f"select count(*) from '{tmp_path}/*.parquet'") == 30_000


@pytest.mark.parametrize(
    ("line_count", "lines_per_file", "message"),
    [(0, 10, "line_count=0"), (-1, 10, "line_count=-1"), (10, 0, "lines_per_file=0")],
)
def test_stream_refuses_counts_that_are_not_positive(
    tmp_path, line_count, lines_per_file, message
):
    with pytest.raises(ValueError, match=message):
        stream_transactions(line_count, tmp_path, seed=1, lines_per_file=lines_per_file)


def test_stream_needs_its_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        stream_transactions(10, tmp_path / "nowhere", seed=1)
