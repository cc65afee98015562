"""What codes are called, alone and in sentences."""

import math

import pytest

from customer_analytics.names import grouping, in_words, name_of


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("bg_nbd", "BG/NBD"),
        ("mbg_cnbd_k", "MBG/CNBD-k"),
        ("xgboost", "XGBoost"),
        ("kmeans", "k-means"),
        ("smote", "SMOTE"),
        # A blend of the user's own.
        ("blend_of_mine", "blend of mine"),
        (None, ""),
        (math.nan, ""),
    ],
)
def test_codes_have_the_names_of_the_field(code, name):
    assert name_of(code) == name


def test_codes_in_sentences_are_named_and_words_are_left_alone():
    assert in_words(
        "ROC-AUC 0.77 against 0.75 of the best baseline (bg_nbd); with `xgboost`, "
        "mbg_nbd_without_season: with ease, a linear blend of recency."
    ) == (
        "ROC-AUC 0.77 against 0.75 of the best baseline (BG/NBD); with XGBoost, "
        "MBG/NBD without season: with ease, a linear blend of recency."
    )
    # Part of another name is none.
    assert in_words("my_bg_nbd_table") == "my_bg_nbd_table"
    assert in_words(None) == ""


def test_ways_of_grouping_are_told_in_words():
    assert (
        grouping("behaviour", 5, "kmeans", is_chosen=True)
        == "by behaviour, 5 groups (chosen)"
    )
    assert grouping("rfm", 3, "ward", is_chosen=False) == "by RFM, 3 groups, Ward"
    assert grouping("rfm", 11, "rules", is_chosen=False) == "by RFM rules, 11 groups"
