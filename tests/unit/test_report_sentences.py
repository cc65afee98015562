"""Sentences of the report: right numbers, singular and plural, and what is missing."""

import math

import pandas as pd
import pytest
from test_report_words import plain

from customer_analytics.report import sentences_certainty as certainty
from customer_analytics.report import sentences_changes as changes
from customer_analytics.report import sentences_customers as customers


def said(sentences):
    return plain(" ".join(sentences))


def years(**of_last):
    last = {"customer_count": 20, "order_count": 60, "net_amount": 2400.0}
    before = {"customer_count": 10, "order_count": 20, "net_amount": 1000.0}
    shared = {"is_comparable": True, "first_order_amount": 600.0}
    return pd.DataFrame(
        [
            {"is_last_year": True} | shared | last | of_last,
            {"is_last_year": False} | shared | before,
        ]
    )


# --- What the customers are.


def test_concentration_counts_from_the_best_down():
    # 1000 of one customer, 100 each of nine, 10 each of ten: 2,000 in all.
    people = pd.DataFrame({"net_amount": [10.0] * 10 + [1000.0] + [100.0] * 9})
    assert said(customers.concentration(people, "EUR")) == (
        "The best tenth of the customers (2) brings 55 % of the EUR 2,000 net. "
        "Half of it comes from 1 customer."
    )


def test_concentration_leaves_out_who_brought_nothing():
    people = pd.DataFrame({"net_amount": [5.0] * 19 + [0.0, -3.0]})
    assert said(customers.concentration(people, "EUR")) == (
        "Only 19 customers brought anything: too few to say how the revenue is spread."
    )


def test_habits_say_who_came_back_and_when():
    people = pd.DataFrame(
        {
            "order_count": [1, 2, 3, 4],
            "median_days_between_orders": [math.nan, 10.0, 30.0, 50.0],
        }
    )
    assert said(customers.habits(people)) == (
        "25 % of the 4 customers have ordered once only. Who comes back leaves 30 days "
        "between two orders, in the middle of all who do."
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], "Nobody has ordered yet."),
        ([1], "Nobody has ordered twice yet."),
    ],
)
def test_habits_without_second_orders(counts, expected):
    gaps = [math.nan] * len(counts)
    people = pd.DataFrame({"order_count": counts, "median_days_between_orders": gaps})
    assert said(customers.habits(people)) == expected


@pytest.mark.parametrize(
    ("value", "count"), [(0.13, 1), (0.002, 0), (None, 0), (math.nan, 0)]
)
def test_guests_are_told_of_where_they_matter(value, count):
    span = pd.DataFrame({"guest_share": [value]}, dtype=float)
    assert len(customers.guests(span)) == count


def segments(**columns):
    return pd.DataFrame(
        {
            "segment_name": ["Loyal", "Lost"],
            "customer_share": [0.3, 0.7],
            "net_amount_share": [0.8, 0.2],
        }
        | columns
    )


def test_segments_name_the_best_and_the_largest():
    assert said(customers.segments(segments())) == (
        "The customers fall into 2 groups. The group Loyal brings 80 % of the net "
        "amount and is 30 % of the customers. The largest group by number is Lost, "
        "with 70 % of the customers."
    )


def test_a_segment_may_be_both():
    assert said(customers.segments(segments(net_amount_share=[0.1, 0.9]))).endswith(
        "It is also the largest group."
    )


def test_segments_of_attributes_bring_no_known_amount():
    alone = segments(net_amount_share=[math.nan, math.nan])
    assert said(customers.segments(alone)) == (
        "The customers fall into 2 groups. The largest group by number is Lost, with "
        "70 % of the customers."
    )


def test_no_segments_are_said_to_be_none():
    assert said(customers.segments(segments().head(0))) == (
        "There are too few customers to form segments of."
    )


def test_products_together_are_those_of_the_first_rule():
    rules = pd.DataFrame(
        {
            "antecedent": ["TEA CUP", "x"],
            "consequent": ["SAUCER", "y"],
            "confidence": [0.82, 0.8],
            "lift": [23.4, 50.0],
        }
    )
    assert said(customers.products_together(rules)) == (
        "Products go together: of the baskets with Tea Cup, 82 % also hold Saucer, 23 "
        "times as many as by chance."
    )
    assert customers.products_together(rules.head(0)) == []


def test_newcomers_are_counted_by_their_probabilities():
    found = pd.DataFrame(
        {"customer_id": ["7", "8", "9", "10"], "probability": [0.9, 0.5, 0.4, 0.2]}
    )
    assert said(customers.newcomers(found)) == (
        "Of 4 customers whose first order is less than 90 days old, about 2 will order "
        "again within those 90 days; most surely 7, 8 and 9."
    )
    assert customers.newcomers(found.head(0)) == []


def test_stock_agrees_in_number():
    signals = pd.DataFrame(
        {
            "signal": ["falling", "slow_moving"],
            "product_count": [1, 3],
            "amount_at_stake": [50.0, 70.0],
        }
    )
    assert said(customers.stock(signals, "EUR")) == (
        "In stock, 1 product sells less (EUR 50 at stake) and 3 products sleep "
        "(EUR 70 at stake)."
    )
    assert customers.stock(signals.head(0), "EUR") == []


# --- What changes.


def test_year_on_year_splits_the_change_without_a_remainder():
    # Twice the customers, 1.5 times the orders of each, 0.8 times the amount of each
    # order: logarithms .6931, .4055 and -.2231 of .8755 in all, of 1,400.
    assert said(changes.year_on_year(years(), "EUR")) == (
        "Known customers brought EUR 2,400 net in the last 365 days, 140 % more than "
        "the EUR 1,000 of the 365 days before. Behind it: the number of customers "
        "+EUR 1,108; the orders of each +EUR 648; the amount per order -EUR 357."
    )


def test_an_equal_year_needs_no_explanation():
    assert said(changes.year_on_year(years(net_amount=1001.0), "EUR")) == (
        "Known customers brought EUR 1,001 net in the last 365 days, as much as the "
        "EUR 1,000 of the 365 days before."
    )


def test_a_short_log_has_no_year_before():
    short = years().assign(is_comparable=False)
    for one in (short, short.head(1)):
        assert said(changes.year_on_year(one, "EUR")).endswith(
            "the data do not reach back far enough to compare that with the year "
            "before."
        )
    assert said(changes.new_and_returning(short)) == (
        "25 % of it came from first orders."
    )


def test_no_order_in_the_last_year():
    assert said(changes.year_on_year(years().tail(1), "EUR")) == (
        "No known customer has ordered in the last 365 days."
    )
    assert changes.new_and_returning(years().tail(1)) == []


def test_first_orders_are_compared_with_the_year_before():
    assert said(changes.new_and_returning(years())).startswith(
        "25 % of it came from first orders, against 60 % the year before"
    )


def test_best_month_is_a_whole_one():
    months = pd.DataFrame(
        {
            "sales_month": pd.date_range("2024-01-01", periods=8, freq="MS"),
            "net_amount": [10.0, 10, 10, 30, 10, 10, 10, 99],
            "is_complete": [True] * 7 + [False],
        }
    )
    # The mean of the seven whole months is 90 / 7.
    assert said(changes.best_month(months, "EUR")) == (
        "The best month was April 2024 with EUR 30, 2.3 times an average month."
    )
    assert said(changes.best_month(months.head(1), "EUR")) == (
        "1 whole month of sales cannot show a season."
    )


def test_movement_counts_the_last_month_both_ways():
    moves = pd.DataFrame(
        [
            ("2024-01-01", "Champions", "Lost", 50, 999.0),
            ("2024-02-01", "Champions", "At risk", 3, 900.0),
            ("2024-02-01", "Loyal customers", "Lost", 1, 100.0),
            ("2024-02-01", "At risk", "Lost", 7, 70.0),
            ("2024-02-01", "Hibernating", "Promising", 1, 20.0),
            ("2024-02-01", "Champions", "Champions", 9, 90.0),
        ],
        columns=[
            *("snapshot_date", "from_segment", "to_segment"),
            *("customer_count", "net_amount_before"),
        ],
    )
    assert said(changes.movement(moves, "EUR")) == (
        "In the last month 4 customers, who had brought EUR 1,000 until then, went "
        "over to the segments that customers are lost from; 1 customer (EUR 20) came "
        "back from them."
    )
    assert said(changes.movement(moves.head(0), "EUR")) == (
        "The data are too short to see customers move between segments."
    )


def cohorts(rates, size=50):
    """Return cohorts from January 2022 on, each seen for four months."""
    rows = [
        (month, number, size, round(size * rate), True, False)
        for month, rate in zip(
            pd.date_range("2022-01-01", periods=len(rates), freq="MS"),
            rates,
            strict=True,
        )
        for number in range(4)
    ]
    return pd.DataFrame(
        rows,
        columns=[
            *("cohort_month", "month_number", "cohort_size", "active_customer_count"),
            *("is_complete", "is_first_cohort"),
        ],
    )


@pytest.mark.parametrize(
    ("now", "verdict"), [(0.4, "more"), (0.1, "less"), (0.2, "about as")]
)
def test_retention_compares_cohorts_a_year_apart(now, verdict):
    sentence = said(changes.retention(cohorts([0.2] * 12 + [now] * 6)))
    assert sentence.startswith(
        f"Customers won between January 2023 and June 2023 come back {verdict} "
        f"{'often as' if verdict == 'about as' else 'often than'} those won a year"
    )
    assert sentence.endswith(
        f"{100 * now:.1f} % of them ordered, against 20.0 % of the others."
    )


@pytest.mark.parametrize(
    "found",
    [cohorts([0.2] * 12), cohorts([0.2] * 18, size=10), cohorts([0.2] * 18).head(0)],
)
def test_few_cohorts_are_not_compared(found):
    assert said(changes.retention(found)) == (
        "There are too few cohorts a year apart to compare how they come back."
    )


# --- How sure it is.


def tiers(counts=(10, 20)):
    return pd.DataFrame(
        {
            "tier": ["high", "low"],
            "customer_count": counts,
            "expected_pauses": [8.0, 4.4],
            "predicted_amount": [500.0, 9000.0],
            "forecast_count": [10, 20],
        }
    )


def returns(rates=(0.43, 0.62), shares=(0.5, 0.29)):
    return pd.DataFrame({"return_rate": rates, "paused_amount_share": shares})


def test_risk_is_the_sum_of_probabilities():
    assert said(certainty.risk(tiers(), returns(), "EUR")) == (
        "Of the 30 active customers, about 12 will probably pause: order nothing in "
        "the next 90 days. A pause is no parting: by past date, 43 % to 62 % of those "
        "who paused came back within the year, and they brought 29 % to 50 % of what "
        "was forecast of them. The 10 at high risk (80 % on average) are still "
        "expected to bring EUR 500 in the next year."
    )


def test_risk_without_forecasts_or_predictions():
    without = tiers().assign(forecast_count=0)
    unknown = returns().head(0)
    assert len(certainty.risk(without, unknown, "EUR")) == 1
    assert said(certainty.risk(tiers().head(0), unknown, "EUR")) == (
        "Who will pause is not predicted: the data are too short."
    )


def test_campaigns_say_what_pays_and_what_measures_it():
    found = pd.DataFrame(
        {
            "contact_count": [40, 60],
            "hold_out_count": [0, 1],
            "expected_value": [100.0, 250.0],
        }
    )
    power = pd.DataFrame(
        {
            "detectable_difference": [43.0],
            "expected_difference": [10.0],
            "needed_customer_count": [95_458],
        }
    )
    assert said(certainty.campaigns(found, power, "EUR")) == (
        "A contact is expected to pay for 100 customers, EUR 350 in all. What a "
        "contact saves and costs is an assumption until it is measured: 1 customer "
        "drawn by lot is left alone to compare with. That shows a difference of EUR 43 "
        "or more per customer in 90 days; expected are EUR 10, which it would take "
        "95,458 customers to show."
    )
    unknown = power.assign(needed_customer_count=None)
    assert len(certainty.campaigns(found, unknown, "EUR")) == 2
    assert said(certainty.campaigns(found.head(0), power, "EUR")) == (
        "By the assumptions that are set, a contact would pay for nobody."
    )


def test_reach_is_that_of_the_first_two_tenths():
    lift = pd.DataFrame(
        {
            "decile": range(1, 11),
            "n": [100] * 10,
            "positive_count": [60, 40, 30, 20, 20, 10, 10, 5, 5, 0],
        }
    )
    assert said(certainty.reach(lift)) == (
        "At past dates, contacting the fifth at the highest risk would have reached "
        "50 % of those who paused, 2.5 times as many as contacting anybody."
    )
    few = lift.assign(positive_count=1)
    assert certainty.reach(few) == certainty.reach(lift.head(0)) == []


def accuracy(**columns):
    row = {
        "target": "churn_90d",
        "status": "model served",
        "reason": "x",
        "model": "soft_vote",
        "n": 3693,
        "roc_auc": 0.7656,
        "baseline_model": "bg_nbd",
        "baseline_roc_auc": 0.7501,
    }
    return pd.DataFrame([row | columns])


def test_ranking_stands_beside_the_best_rule():
    assert said(certainty.ranking(accuracy(), "churn_90d")) == (
        "Tried on 3,693 cases of the past, the model ranks one who pauses above one "
        "who orders in 77 out of 100 pairs; the best simple rule, BG/NBD, does in "
        "75, a coin in 50."
    )


def test_a_rule_may_serve_or_nothing():
    rule = accuracy(model="recency", baseline_model=None, baseline_roc_auc=math.nan)
    assert "no model beat the best simple rule, days since the last order" in said(
        certainty.ranking(rule, "churn_90d")
    )
    nothing = accuracy(roc_auc=math.nan, n=None, reason="not enough data: needs 3")
    assert said(certainty.ranking(nothing, "churn_90d")) == (
        "Nothing is predicted here: not enough data: needs 3."
    )
    assert certainty.ranking(accuracy(), "purchase_30d") == []


def test_calibration_weighs_bins_by_their_customers():
    bins = pd.DataFrame(
        {
            "cutoff_date": ["2024-01-01"] * 3,
            "mean_probability": [0.2, 0.6, 0.9],
            "observed_rate": [0.1, 0.5, 1.0],
            "n": [500, 40, 20],
        }
    )
    # (40 x .6 + 20 x .9) / 60 = .7; (40 x .5 + 20) / 60 = .667.
    assert said(certainty.calibration(bins)) == (
        "Of those who were given a risk of 60 % or more, 70 % were expected to pause, "
        "and 67 % did."
    )
    assert certainty.calibration(bins.assign(n=10)) == []


def test_calibration_says_what_came_at_single_dates():
    bins = pd.DataFrame(
        {
            "cutoff_date": ["2024-01-01", "2024-03-01", "2024-05-01"],
            "mean_probability": [0.7, 0.7, 0.7],
            "observed_rate": [0.8, 0.6, 0.0],
            "n": [200, 200, 1],
        }
    )
    # One customer is no date.
    assert said(certainty.calibration(bins)) == (
        "Of those who were given a risk of 60 % or more, 70 % were expected to pause, "
        "and 70 % did; at single dates between 60 % and 80 %."
    )


def horizons(**columns):
    row = {
        "horizon_days": 90,
        "predicted_amount": 538_765.0,
        "predicted_amount_low": 428_612.0,
        "predicted_amount_high": 580_565.0,
        "status": "proven",
        "mean_absolute_bias": 0.128,
        "lowest_bias": -0.072,
        "highest_bias": 0.257,
        "cutoff_count": 6,
    }
    return pd.DataFrame([row | columns])


def test_forecasts_say_how_wrong_they_were():
    assert said(certainty.forecasts(horizons(), "EUR")) == (
        "In the next 90 days today's customers are expected to bring EUR 539,000; in 6 "
        "trials at past dates such forecasts were wrong by 13 % on average, between 7 "
        "% too low and 26 % too high: by these errors EUR 429,000 to EUR 581,000 may "
        "come."
    )
    once = horizons(
        cutoff_count=1, lowest_bias=0.001, highest_bias=0.001, status="inaccurate"
    )
    text = said(certainty.forecasts(once, "EUR"))
    assert "in 1 trial at past dates" in text and "between right and right:" in text
    assert text.endswith("Take it as a rough guide.")


def test_forecasts_that_could_not_be_tried():
    untried = horizons(
        mean_absolute_bias=math.nan, lowest_bias=math.nan, cutoff_count=0
    )
    assert said(certainty.forecasts(untried, "EUR")).endswith(
        "; nothing of the past shows how sure that is."
    )
    assert said(certainty.forecasts(horizons().head(0), "EUR")) == (
        "What customers will bring is not forecast: the data are too short, or say no "
        "prices."
    )


def test_recommenders_are_compared_with_best_sellers():
    sources = pd.DataFrame(
        [
            ("repeat", "hybrid", 0.87, True),
            ("repeat", "recent_popularity", 0.84, False),
            ("discovery", "recent_popularity", 0.25, False),
        ],
        columns=["slot", "source", "hit_rate", "is_chosen"],
    )
    assert said(certainty.recommenders(sources)) == (
        "Ten recommendations held a product that the customer bought again for 87 out "
        "of 100 customers; ten best sellers for 84."
    )


def checks(difference=0.0):
    return pd.DataFrame(
        [
            ("amount", 500.0, 480.0, 20.0, difference),
            ("lines", 1000.0, 900.0, 100.0, 0.0),
            ("lines excluded: exact_duplicate", 70.0, 0.0, 70.0, 0.0),
            ("lines excluded: not_a_product", 30.0, 0.0, 30.0, 0.0),
        ],
        columns=["check_name", "raw", "kept", "excluded", "difference"],
    )


def test_lines_left_out_name_the_main_reason():
    assert said(certainty.lines_left_out(checks())) == (
        "100 of the 1,000 lines (10 %) were left out, most of them (70) as exact "
        "copies of another line; kept and left out add up to the file, in lines and in "
        "money."
    )
    assert "do not add up to the file" in said(certainty.lines_left_out(checks(0.01)))
    assert certainty.lines_left_out(checks().head(1)) == []
