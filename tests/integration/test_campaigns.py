"""Campaigns: who is held out, how a finished one is read, lists with hashed ids."""

import csv
import json
import re
import statistics
from math import sqrt

import duckdb
import pandas as pd
import pytest
from conftest import ROOT, run_dbt

from customer_analytics.publishing import expected_tables, publish

# Half of the sample's period before, 90 days of it after.
CAMPAIGN_DATE = "2024-07-01"


@pytest.fixture(scope="module")
def audiences(sample_build):
    return sample_build.rows(
        "select customer_id, is_hold_out, predicted_amount_365d::double "
        "from marts.campaign_audiences where is_in_draw order by customer_id"
    )


def test_a_tenth_is_held_out_by_lot(audiences):
    share = statistics.mean(is_hold_out for _, is_hold_out, _ in audiences)
    # Within four standard errors, as everything drawn is.
    assert abs(share - 0.1) < 4 * sqrt(0.1 * 0.9 / len(audiences))
    held_out, others = (
        [amount for _, is_hold_out, amount in audiences if is_hold_out is group]
        for group in (True, False)
    )
    error = sqrt(sum(statistics.variance(v) / len(v) for v in (held_out, others)))
    assert abs(statistics.mean(held_out) - statistics.mean(others)) < 4 * error


def test_nobody_is_contacted_at_a_loss_or_from_the_hold_out(sample_build):
    counts = sample_build.rows(
        "select assignment, is_hold_out, expected_value > 0, count(*) > 5 "
        "from marts.campaign_audiences where not is_doubtful group by all order by all"
    )
    assert counts == [
        ("contact", False, True, True),
        ("hold_out", True, True, True),
        ("leave", False, False, True),
        ("leave", True, False, True),
    ]


def test_the_best_are_not_left_alone_unasked(sample_build):
    assert sample_build.rows(
        "select value_level, is_in_draw, bool_or(is_hold_out) "
        "from marts.campaign_audiences group by all order by all"
    ) == [("high", False, False), ("low", True, True), ("medium", True, True)]


def test_the_channel_is_the_one_that_leaves_most(sample_build):
    channels = pd.read_csv(ROOT / "seeds" / "campaign_channels.csv")
    rows = sample_build.rows(
        "select channel, amount_at_risk::double, margin_share, expected_value::double "
        "from marts.campaign_audiences where assignment = 'contact'"
    )
    told = []
    for channel, amount, margin, found in rows:
        values = (
            amount * margin * 0.05 * channels["uplift_factor"] - channels["cost_factor"]
        )
        told.append(channel)
        assert found == pytest.approx(values.max(), abs=1e-3)
        own = values[channels["channel"] == channel].iloc[0]
        assert own == pytest.approx(values.max(), abs=1e-3)
    assert len(set(told)) == 3


def test_amounts_at_risk_count_the_returns(sample_build):
    shares = dict(
        sample_build.rows(
            "select is_active, avg(remaining_share) from evidence.pause_returns "
            "group by is_active"
        )
    )
    rows = sample_build.rows(
        "select risk_level <> 'inactive', risk_probability, "
        "predicted_amount_365d::double, amount_if_ordering::double, "
        "amount_at_risk::double from marts.campaign_audiences"
    )
    for is_active, risk, forecast, ordering, at_risk in rows:
        share = shares[is_active]
        # Who orders brings it, who pauses a share of it: the mean is the forecast.
        if 1 - risk * (1 - share) > 0.1:
            mean = (1 - risk) * ordering + risk * share * ordering
            assert mean == pytest.approx(forecast, abs=0.01)
        assert at_risk == pytest.approx(ordering - forecast, abs=0.001)


def test_the_power_is_that_of_two_means(sample_build):
    ((contacted, held_out, spread, least, expected, needed),) = sample_build.rows(
        "select contact_count, hold_out_count, standard_deviation, "
        "detectable_difference, expected_difference, needed_customer_count "
        "from evidence.campaign_power where measure = 'net_amount'"
    )
    error = spread * sqrt(1 / contacted + 1 / held_out)
    # Of a true difference so large, four of five are beyond 1.96 errors.
    beyond = 1 - statistics.NormalDist(least / error).cdf(1.96)
    assert beyond == pytest.approx(0.8, abs=1e-3)
    share = held_out / (contacted + held_out)
    error = spread / sqrt(needed * share * (1 - share))
    assert 1 - statistics.NormalDist(expected / error).cdf(1.96) == pytest.approx(
        0.8, abs=1e-3
    )


@pytest.fixture(scope="module")
def campaign_list(audiences, tmp_path_factory):
    """Return a list as kept at the start of a campaign, and its path."""
    rows = [
        (customer, "hold_out" if is_hold_out else "contact", CAMPAIGN_DATE, 1.5, True)
        for customer, is_hold_out, _ in audiences
    ]
    # Left alone on purpose, and contacted on purpose: no part of the comparison.
    rows[0] = (rows[0][0], "leave", CAMPAIGN_DATE, -1, True)
    rows[1] = (rows[1][0], "contact", CAMPAIGN_DATE, 9, False)
    path = tmp_path_factory.mktemp("campaign") / "it's kept.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["customer_id", "assignment", "as_of_date", "expected_value", "is_in_draw"]
        )
        writer.writerows(rows)
    return rows, path


def test_uplift_is_the_difference_to_the_hold_out(sample_build, campaign_list):
    rows, path = campaign_list
    orders = {}
    for customer, amount in sample_build.rows(
        "select customer_id, net_amount::double from marts.orders "
        "where not is_fully_returned and customer_id is not null "
        f"and ordered_date between '{CAMPAIGN_DATE}' and '2024-09-28'"
    ):
        orders.setdefault(customer, []).append(amount)
    amounts = {
        group: [
            sum(orders.get(row[0], [])) for row in rows if row[1] == group and row[4]
        ]
        for group in ("contact", "hold_out")
    }
    means = {group: statistics.mean(values) for group, values in amounts.items()}
    difference = means["contact"] - means["hold_out"]
    half_width = 1.96 * sqrt(
        sum(statistics.variance(values) / len(values) for values in amounts.values())
    )

    compiled = run_dbt(
        sample_build.warehouse,
        {"campaign_list": str(path)},
        *("compile", "--select", "campaign_uplift"),
    )
    assert compiled.success, compiled.message
    manifest = sample_build.warehouse / "target" / "manifest.json"
    (sql,) = (
        node["compiled_code"]
        for node in json.loads(manifest.read_text())["nodes"].values()
        if node["name"] == "campaign_uplift"
    )
    ((found,),) = sample_build.rows(f"select to_json(uplift) from ({sql}) as uplift")
    assert json.loads(found) == pytest.approx(
        {
            "contacted_count": len(amounts["contact"]),
            "hold_out_count": len(amounts["hold_out"]),
            "order_rate_difference": statistics.mean(
                value > 0 for value in amounts["contact"]
            )
            - statistics.mean(value > 0 for value in amounts["hold_out"]),
            "contacted_amount": means["contact"],
            "hold_out_amount": means["hold_out"],
            "uplift_per_customer": difference,
            "uplift_low": difference - half_width,
            "uplift_high": difference + half_width,
            "value_per_contact": 0.3 * difference - 1,
            "expected_value_per_contact": 1.5,
        }
    )


# --- Published with hashed ids.


@pytest.fixture(scope="module")
def hashed_publication(sample_build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hashed")
    tables = expected_tables(sample_build.warehouse / "target")
    return publish(
        sample_build.warehouse / "build.duckdb", folder, tables, salt="long and random"
    )


def test_no_id_of_a_customer_or_an_order_is_published(sample_build, hashed_publication):
    sql = (
        "select customer_id from marts.customers "
        "union select order_id from marts.orders "
        "union select order_line_id from marts.order_lines "
        "union select invoice from marts.excluded_lines"
    )
    identifiers = {identifier for (identifier,) in sample_build.rows(sql)}
    assert len(identifiers) > 100_000
    with duckdb.connect(str(hashed_publication), read_only=True) as connection:
        connection.register("ids", pd.DataFrame({"id": sorted(identifiers)}))
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where database_name = 'customer_analytics' and data_type = 'VARCHAR'"
        ).fetchall()
        found = [
            (table, column)
            for schema, table, column in columns
            # As a value or a word of it; reasons and parameters hold numbers.
            if not re.search("reason_|_reason|parameters", column)
            and connection.execute(
                "select count(*) from (select unnest(regexp_split_to_array("
                f"\"{column}\", '[^A-Za-z0-9-]+')) as word from {schema}.{table}) "
                "where word in (select id from ids)"
            ).fetchone()
            != (0,)
        ]
    assert len(columns) > 200
    assert found == []


def test_hashed_tables_join_as_before(sample_build, hashed_publication):
    sql = (
        "select count(*), sum(orders.net_amount), count(distinct customer_id), "
        "sum(order_lines.line_amount) from marts.orders "
        "inner join marts.order_lines using (order_id, customer_id) "
        "inner join marts.customers using (customer_id)"
    )
    with duckdb.connect(str(hashed_publication), read_only=True) as connection:
        assert connection.execute(sql).fetchall() == sample_build.rows(sql)
