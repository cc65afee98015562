"""Numbers in words: singular and plural, digits, edges between units."""

import datetime

import pytest

from customer_analytics.report import words


def plain(text):
    """Return a text with the spaces and signs of a keyboard."""
    return text.replace(words.FIXED, " ").replace(words.MINUS, "-")


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 customers"), (1, "1 customer"), (2000, "2,000 customers")],
)
def test_counts_agree_with_their_noun(count, expected):
    assert words.counted(count, "customer") == expected


def test_an_irregular_plural_is_given():
    assert words.counted(2, "has come", "have come") == "2 have come"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "GBP 0"),
        (-0.3, "GBP 0"),
        (419.6, "GBP 420"),
        (-419.6, "-GBP 420"),
        (9_999, "GBP 9,999"),
        (12_345, "GBP 12,300"),
        (99_960, "GBP 100,000"),
        (123_456, "GBP 123,000"),
        (999_600, "GBP 1.00 million"),
        (1_234_567, "GBP 1.23 million"),
        (12_345_678, "GBP 12.3 million"),
        (123_456_789, "GBP 123 million"),
        (999_600_000, "GBP 1.00 billion"),
        (7_654_321_000, "GBP 7.65 billion"),
    ],
)
def test_amounts_have_three_digits(value, expected):
    assert plain(words.amount(value, "GBP")) == expected


@pytest.mark.parametrize("value", [None, float("nan")])
def test_an_unknown_amount_is_said_to_be(value):
    assert words.amount(value, "GBP") == "an unknown amount"


def test_an_amount_without_a_currency_is_the_number():
    assert words.amount(12_345, "") == "12,300"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0 %"),
        (0.004, "under 1 %"),
        (0.01, "1 %"),
        (0.234, "23 %"),
        (0.99, "99 %"),
        (0.999, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_small_and_nearly_whole_shares_stay_apart_from_none_and_all(value, expected):
    assert plain(words.share(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.12, "12 % more than"), (-0.05, "5 % less than"), (0.004, "as much as")],
)
def test_changes_say_their_direction(value, expected):
    assert plain(words.change(value)) == expected


def test_dates_are_in_english_words():
    day = datetime.date(2011, 12, 9)
    assert words.date(day) == "9 December 2011"
    assert words.month(day) == "December 2011"


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_end_with_and(items, expected):
    assert words.listed(items) == expected


def test_only_names_in_capitals_are_changed():
    assert words.product("RED TEA CUP") == "Red Tea Cup"
    assert words.product("iPad case") == "iPad case"
