"""Every question of `analyses/` has an answer, and the answer is right."""

import json
import re

import pytest
from conftest import ROOT, run_dbt

from customer_analytics.publishing import PUBLISHED_SCHEMAS

NAMES = sorted(path.stem for path in (ROOT / "analyses").glob("*.sql"))


def question(name):
    """Return the question that an analysis starts with, on one line."""
    lines = (ROOT / "analyses" / f"{name}.sql").read_text().split("\n\n")[0]
    return " ".join(line.removeprefix("-- ") for line in lines.splitlines())


@pytest.fixture(scope="module")
def compiled(sample_build):
    """Return the folder of the analyses as SQL, compiled beside the sample's build."""
    result = run_dbt(sample_build.warehouse, {}, "compile", "--select", "path:analyses")
    assert result.success, result.message
    return sample_build.warehouse / "target/compiled/customer_analytics/analyses"


@pytest.fixture
def answer(compiled, sample_build):
    def rows(name, sql="from analysis"):
        analysis = (compiled / f"{name}.sql").read_text()
        return sample_build.rows(f"with analysis as (\n{analysis}\n) {sql}")

    return rows


def test_there_are_twenty_questions():
    assert len(NAMES) == 20


def test_only_published_tables_are_read(compiled, sample_build):
    manifest = json.loads((sample_build.warehouse / "target/manifest.json").read_text())
    nodes = manifest["nodes"]
    analyses = [n for n in nodes.values() if n["resource_type"] == "analysis"]
    read = {table for node in analyses for table in node["depends_on"]["nodes"]}
    assert len(read) > 20
    assert {nodes[table]["schema"] for table in read} <= set(PUBLISHED_SCHEMAS)


@pytest.mark.parametrize("name", NAMES)
def test_question_has_an_answer(answer, name):
    assert answer(name)


@pytest.mark.parametrize("name", NAMES)
def test_analysis_starts_with_its_question_and_is_listed(name):
    asked = re.match(r"[A-Z][^?]+\?", question(name))
    assert asked, f"{name} does not start with a question"
    listed = (ROOT / "docs/questions.md").read_text()
    assert f"| {asked.group()} | [{name}](../analyses/{name}.sql) |" in listed


def test_concentration_is_that_of_customers_sorted_by_hand(answer, sample_build):
    amounts = [
        amount
        for (amount,) in sample_build.rows(
            "select net_amount from marts.customers where net_amount > 0"
        )
    ]
    tenth = sorted(amounts, reverse=True)[: -(-len(amounts) // 10)]
    assert answer(
        "revenue_concentration",
        "select customer_count, net_amount, least_amount from analysis "
        "where best_share = 0.10",
    ) == [(len(tenth), sum(tenth), tenth[-1])]


def test_all_first_and_later_orders_add_up_to_the_orders(answer, sample_build):
    assert answer(
        "new_or_returning_revenue",
        "select sum(order_count), sum(first_order_amount + returning_amount) "
        "from analysis",
    ) == sample_build.rows(
        "select sum(order_count), sum(net_amount) from marts.customers"
    )


def test_parts_of_the_change_add_up_to_it(answer):
    rows = answer("why_sales_changed")
    for _, now, before, change, *parts in rows:
        assert sum(parts) == pytest.approx(change, abs=1e-6)
        assert change == pytest.approx(float(now - before), abs=1e-6)
        assert max(abs(part) for part in parts) > 1


def test_second_orders_are_those_of_a_join(answer, sample_build):
    found = answer("time_to_second_order", "from analysis where within_days = 90")
    # Another way: the first order, and whether a different one follows within 90 days.
    expected = sample_build.rows(
        """
        with purchases as (
            from marts.orders where customer_id is not null and not is_fully_returned
        ),
        firsts as (
            select customer_id, min_by(order_id, (ordered_at, order_id)) as order_id,
                min(ordered_date) as first_date
            from purchases group by customer_id
            having first_date <= (select max(ordered_date) from purchases) - 365
        )
        select count(*), count(*) filter (where exists (
            from purchases
            where purchases.customer_id = firsts.customer_id
                and purchases.order_id != firsts.order_id
                and purchases.ordered_date <= firsts.first_date + 90
        ))
        from firsts
        """
    )
    assert [row[1:3] for row in found] == expected


def test_lost_champions_were_champions_and_are_none(answer, sample_build):
    customers = [row[0] for row in answer("champions_lost")]
    assert len(customers) == len(set(customers))
    champions = {
        when: {
            customer
            for (customer,) in sample_build.rows(
                "select customer_id from marts.customer_rfm_history "
                f"where rfm_segment = 'Champions' and snapshot_date {condition}"
            )
        }
        for when, condition in (
            ("now", "= '2025-07-01'"),
            ("last year", "between '2024-07-01' and '2025-06-30'"),
        )
    }
    assert set(customers) == champions["last year"] - champions["now"]


def test_everybody_contacted_is_every_churner_reached(answer):
    shares = answer(
        "churners_reached", "select contacted_share, reached_share from analysis"
    )
    assert shares == sorted(shares)
    assert shares[-1] == (1.0, 1.0)
    # Better than chance at every step before the last.
    assert all(reached > contacted for contacted, reached in shares[:-1])


def test_segments_hold_the_whole_forecast(answer, sample_build):
    assert answer(
        "next_year_by_segment",
        "select sum(customer_count), sum(predicted_amount_365d), "
        "sum(amount_last_365d) from analysis",
    ) == sample_build.rows(
        "select customer_count, predicted_amount, last_year_amount "
        "from evidence.lifetime_value_totals where horizon_days = 365"
    )


def test_country_changes_add_up_to_two_years_of_orders(answer, sample_build):
    assert answer(
        "countries_that_grow",
        "select sum(net_amount), sum(net_amount_year_before) from analysis",
    ) == sample_build.rows(
        """
        select
            sum(net_amount) filter (where ordered_date between
                date '2024-07-01' and date '2025-06-30'),
            sum(net_amount) filter (where ordered_date between
                date '2023-07-02' and date '2024-06-30')
        from marts.orders
        where customer_id is not null and not is_fully_returned
        """
    )


def test_customers_to_call_are_the_most_valuable_at_high_risk(answer, sample_build):
    called = answer("customers_to_call", "select customer_id from analysis")
    assert called == sample_build.rows(
        "select customer_id from marts.customer_lifetime_value "
        "where customer_id in (select customer_id from marts.customer_predictions "
        "where target = 'churn_90d' and tier = 'high') "
        "order by predicted_amount_365d desc, customer_id limit 50"
    )
