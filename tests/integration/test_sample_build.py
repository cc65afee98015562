"""The bundled sample, built once: what was planted in it comes out again."""

from collections import Counter

import pytest

from customer_analytics.sample import make_sample

RETURNS = ("return", "giant_return", "unmatched_return")


@pytest.fixture(scope="module")
def sample():
    return make_sample()


@pytest.fixture(scope="module")
def planted(sample):
    """Count the distinct rows by (kind, whether a known customer's)."""
    truth = sample.line_truth
    is_guest = sample.transactions["Customer ID"].mask
    rows = zip(truth["kind"], ~is_guest, truth["is_copy"], strict=True)
    return Counter((kind, bool(known)) for kind, known, is_copy in rows if not is_copy)


def total(planted, *kinds, known=(True, False)):
    return sum(planted[kind, is_known] for kind in kinds for is_known in known)


def test_sample_builds(sample_build):
    assert sample_build.success, sample_build.message


def test_raw_lines_are_those_of_the_generator(sample, sample_build):
    assert sample_build.rows(
        "select raw::int, difference::int from marts.reconciliation "
        "where check_name = 'lines'"
    ) == [(sample.line_counts["row"], 0)]


def test_exact_duplicates_are_those_planted(sample, sample_build):
    found = sample_build.rows(
        "select count(*) from marts.excluded_lines "
        "where exclusion_reason = 'exact_duplicate'"
    )
    assert found == [(sample.line_counts["copy"],)]


@pytest.mark.parametrize(
    ("reason", "kinds"),
    [
        ("not_a_product", ("fee", "discount", "booking", "bad_debt")),
        ("stock_write_off", ("write_off",)),
        ("no_or_negative_price", ("free_gift", "zero_price")),
        ("unreadable", ()),
    ],
)
def test_excluded_lines_are_those_planted(planted, sample_build, reason, kinds):
    assert sample_build.rows(
        f"select count(*) from marts.excluded_lines where exclusion_reason = '{reason}'"
    ) == [(total(planted, *kinds),)]


def test_sales_of_customers_and_guests_are_those_planted(planted, sample_build):
    assert sample_build.rows(
        "select customer_id is not null, count(*) from marts.order_lines "
        "where line_type = 'sale' group by all order by all"
    ) == [
        (known, total(planted, "sale", "giant_sale", known=[known]))
        for known in (False, True)
    ]


def test_returns_are_matched_where_their_sale_was_planted(planted, sample_build):
    matched = total(planted, "return", "giant_return", known=[True])
    # A guest's sale cannot be told from another's.
    guests = total(planted, *RETURNS, known=[False])
    unmatched = total(planted, "unmatched_return") + guests
    assert min(matched, unmatched) > 20
    assert sample_build.rows(
        "select (matched_return_quantity / -quantity)::double, count(*) "
        "from marts.order_lines where line_type = 'return' group by all order by all"
    ) == [(0.0, unmatched), (1.0, matched)]


def test_giant_orders_are_fully_returned(sample_build):
    assert sample_build.rows(
        "select unit_count::int, net_amount::int, is_fully_returned, order_number "
        "from marts.orders where unit_count > 50000 order by all"
    ) == [(61_440, 0, True, None), (74_016, 0, True, None)]


def test_lower_case_codes_are_no_products_of_their_own(sample, sample_build):
    codes = {code.upper() for code in sample.product_truth["stock_code"]}
    found = {
        code for (code,) in sample_build.rows("select product_id from marts.products")
    }
    assert found <= codes
    assert len(found) > 0.95 * len(codes)


def test_one_time_buyers_bought_once(sample, sample_build):
    truth = sample.customer_truth
    one_time = {
        str(customer)
        for customer, group in zip(truth["customer_id"], truth["group"], strict=True)
        if group == "one_time"
    }
    orders = {
        customer: counts
        for customer, *counts in sample_build.rows(
            "select customer_id, order_count, fully_returned_order_count "
            "from marts.customers"
        )
    }
    assert all(sum(orders[customer]) == 1 for customer in one_time)
    assert len(one_time) / len(truth["group"]) == 0.17
    kept = [customer for customer in one_time if orders[customer] == [1, 0]]
    assert len(kept) > 0.95 * len(one_time)
