"""How far to trust a score: levels at their limits, and words that suit them."""

import math

import pytest

from customer_analytics import trust
from customer_analytics.trust import levels

PREDICTION = {
    "status": "model served",
    "model": "blend",
    "variant": "level",
    "n": 3694,
    "cutoff_count": 6,
    "roc_auc": 0.85,
    "brier": 0.14,
    "mean_calibration_error": 0.04,
    "worst_calibration_error": 0.06,
}
FORECAST = {
    "status": "proven",
    "model": "mbg_nbd",
    "baseline_model": "run_rate",
    "mean_absolute_bias": 0.08,
    "worst_bias": -0.2,
    "mean_gini": 0.87,
    "baseline_gini": 0.85,
    "gini_gap_low": 0.01,
    "lowest_interval_coverage": 0.76,
    "highest_interval_coverage": 0.89,
    "cutoff_count": 6,
}
SEGMENTS = {
    "silhouette": 0.55,
    "bootstrap_ari": 0.9,
    "stay_rate": 0.98,
    "smallest_share": 0.07,
}


@pytest.mark.parametrize(
    ("value", "level"),
    [(0.8, "good"), (0.79, "fair"), (0.7, "fair"), (0.69, "weak"), (None, "unknown")],
)
def test_more_is_better(value, level):
    assert levels.at_least(value, (0.8, 0.7)) == level


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (0.1, "good"),
        (-0.1, "good"),
        (-0.2, "fair"),
        (0.3, "weak"),
        (math.nan, "unknown"),
    ],
)
def test_less_is_better_whatever_the_sign(value, level):
    assert levels.at_most(value, (0.1, 0.25)) == level


def test_the_lowest_known_level_counts():
    assert levels.lower_of("good", "unknown", "fair") == "fair"
    assert levels.lower_of("unknown") == "unknown"


@pytest.mark.parametrize(
    ("changed", "level", "words"),
    [
        ({}, "good", "85 of 100 pairs"),
        ({}, "good", "the percentages can be counted on, within about 4 points"),
        ({"roc_auc": 0.75}, "fair", "some wrong names near the top"),
        ({"roc_auc": 0.65}, "weak", "Take the order of the list as a hint"),
        ({"mean_calibration_error": 0.08}, "fair", "off by 8 points on average"),
        ({"mean_calibration_error": 0.2}, "weak", "do not plan with the percentages"),
        ({"status": "baseline served"}, "good", "a simple rule: no model did better"),
        ({"status": "not served"}, "unknown", "too short"),
        (
            {"roc_auc": math.nan, "status": "baseline served"},
            *("weak", "not to choose among them"),
        ),
        (
            {"protocol": "repeated stratified cross-validation"},
            *("good", "Of customers it had not seen it put the right one"),
        ),
        (
            {"warning": "may know the outcome: refund (alone)"},
            *("good", "It may know the outcome: refund (alone)."),
        ),
        ({"roc_auc": math.nan}, "fair", "nearer than the average of all customers"),
    ],
)
def test_predictions(changed, level, words):
    said = trust.prediction(PREDICTION | changed)
    assert said.level == level
    assert words in said.meaning


def test_each_statistic_says_what_is_good_and_models_are_named():
    said = trust.prediction(PREDICTION)
    assert (
        said.statistics[0].value
        == "blend of models (level moved to the expected demand)"
    )
    assert [one.value for one in said.statistics][1:3] == ["0.850", "4.0\xa0%"]
    assert all(one.good for one in said.statistics)


@pytest.mark.parametrize(
    ("changed", "level", "words"),
    [
        ({}, "good", "Plan with the total; the order of customers is better"),
        ({"mean_absolute_bias": 0.2}, "fair", "leave room"),
        ({"worst_bias": 0.6}, "weak", "Do not plan with the total"),
        ({"gini_gap_low": -0.01}, "fair", "about as good as a simple rule's"),
        ({"status": "inaccurate"}, "good", "better than any simple rule's"),
        ({"mean_absolute_bias": math.nan}, "unknown", "could not be tried"),
    ],
)
def test_forecasts(changed, level, words):
    said = trust.lifetime_value(FORECAST | changed)
    assert said.level == level
    assert words in said.meaning


@pytest.mark.parametrize(
    ("changed", "level", "words"),
    [
        ({}, "good", "an action of its own"),
        ({"silhouette": 0.3}, "fair", "near the border"),
        ({"bootstrap_ari": 0.5}, "weak", "not to treat them differently"),
        ({"bootstrap_ari": math.nan}, "good", "is not known"),
    ],
)
def test_groups(changed, level, words):
    said = trust.segments(SEGMENTS | changed)
    assert said.level == level
    assert words in said.meaning


def test_rules_of_thumb_are_not_fitted():
    assert trust.segments(None).level == "good"
    assert trust.counted_only("Mind the season.").meaning.endswith("Mind the season.")


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [(0.7, 0.7, "good"), (0.7, 0.6, "fair"), (0.7, 0.4, "weak"), (0.5, 0.6, "good")],
)
def test_rules_that_last(before, after, level):
    assert trust.rules(before, after, 145).level == level


def test_rules_that_could_not_be_tried():
    assert trust.rules(None, None, 0).level == "unknown"


@pytest.mark.parametrize(
    ("hit_rate", "popular", "level"),
    [(0.4, 0.2, "good"), (0.4, 0.39, "fair"), (0.2, 0.1, "fair"), (0.05, 0.01, "weak")],
)
def test_lists_of_products_stand_beside_best_sellers(hit_rate, popular, level):
    served = {
        "source": "svd",
        "hit_rate": hit_rate,
        "recall": 0.1,
        "ndcg": 0.1,
        "n": 90,
    }
    said = trust.recommendations(served, popular)
    assert said.level == level
    assert f"{100 * hit_rate:.0f} of 100 customers" in said.meaning


def test_campaigns_are_weak_until_they_are_measured():
    power = {
        "detectable_difference": 35.0,
        "expected_difference": 8.0,
        "needed_customer_count": 28213.0,
    }
    assert "too small" in trust.campaigns(power).meaning
    assert (
        "large enough" in trust.campaigns(power | {"expected_difference": 40.0}).meaning
    )
    assert {trust.campaigns(one).level for one in (None, power)} == {"weak"}


@pytest.mark.parametrize(
    ("spearman", "is_baseline", "level"),
    [
        (0.6, False, "good"),
        (0.4, False, "fair"),
        (0.1, False, "weak"),
        (0.6, True, "weak"),
    ],
)
def test_amounts_after_a_first_order(spearman, is_baseline, level):
    row = {"spearman": spearman, "is_baseline": is_baseline, "n": 700}
    row |= {"top_decile_capture": 0.3, "bias": 0.1, "r2": 0.2}
    assert trust.first_order_amount(row).level == level
