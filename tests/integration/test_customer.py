"""customer_analytics.customer: all that is published of one customer."""

import shutil

import duckdb
import pytest

import customer_analytics
from customer_analytics.customer_facts import UnknownCustomerError
from customer_analytics.publishing import PUBLISHED_NAME


@pytest.fixture(scope="module")
def best(published_sample):
    with duckdb.connect(
        str(published_sample / PUBLISHED_NAME), read_only=True
    ) as connection:
        return (
            connection.sql(
                "select * from marts.customers inner join marts.customer_segments "
                "using (customer_id) where net_amount > 0 and is_chosen "
                "order by order_count desc, customer_id limit 1"
            )
            .df()
            .iloc[0]
        )


def test_facts_are_those_of_the_tables(published_sample, best):
    facts = customer_analytics.customer(best["customer_id"], published_sample)
    orders, products = facts["orders"], facts["products"]
    whole = orders[~orders["is_fully_returned"]]
    assert len(whole) == best["order_count"]
    assert orders["net_amount"].sum() == pytest.approx(float(best["net_amount"]))
    assert orders["ordered_at"].is_monotonic_decreasing
    assert products["net_amount"].sum() == pytest.approx(float(best["net_amount"]))
    assert facts["customer"]["rfm_segment"].item() == best["rfm_segment"]

    churn = facts["predictions"].set_index("target").loc["churn_90d"]
    assert churn["probability"] == best["churn_90d_probability"]
    assert churn["reason_1"]
    assert set(facts["predictions"]["trust"]) <= {"good", "fair", "weak"}

    value = facts["lifetime_value"].set_index("horizon_days")
    assert value.index.tolist() == [90, 180, 365]
    assert value.loc[90, "predicted_amount"] == pytest.approx(
        float(best["predicted_amount_90d"])
    )
    assert (value["low_amount"] <= value["high_amount"]).all()
    assert facts["campaign"]["assignment"].item() in ("contact", "hold_out", "leave")
    assert set(facts["recommendations"]["slot"]) <= {"repeat", "discovery"}


def test_segments_now_and_before_agree_with_the_history(published_sample, best):
    with duckdb.connect(
        str(published_sample / PUBLISHED_NAME), read_only=True
    ) as connection:
        ((customer,),) = connection.sql(
            "select customer_id from marts.customer_rfm_history group by customer_id "
            "having count(distinct rfm_segment) >= 3 order by customer_id limit 1"
        ).fetchall()
    facts = customer_analytics.customer(customer, published_sample)
    rules = facts["segments"].set_index("feature_set").loc["RFM rules"]
    history = facts["segment_history"].query("feature_set == 'RFM rules'")
    assert history["segment"].iloc[-1] == rules["segment"]
    held = history[history["snapshot_date"] >= rules["since"]]
    assert set(held["segment"]) == {rules["segment"]}
    last_before = history[history["snapshot_date"] < rules["since"]].iloc[-1]
    assert last_before["segment"] == rules["segment_before"] != rules["segment"]


def test_nobody_and_nothing_published_are_told(published_sample, tmp_path):
    with pytest.raises(UnknownCustomerError, match="no customer 'nobody'"):
        customer_analytics.customer("nobody", published_sample)
    with pytest.raises(FileNotFoundError, match="run make build first"):
        customer_analytics.customer("1", tmp_path)


def test_an_area_that_is_off_has_no_rows(published_sample, best, tmp_path):
    shutil.copy(published_sample / PUBLISHED_NAME, tmp_path)
    with duckdb.connect(str(tmp_path / PUBLISHED_NAME)) as connection:
        connection.execute(
            "drop table marts.customer_recommendations; "
            "drop table marts.customer_predictions; drop table evidence.chosen_models"
        )
    facts = customer_analytics.customer(best["customer_id"], tmp_path)
    assert facts["recommendations"].empty
    assert facts["predictions"].empty
    assert len(facts["orders"]) > 0
