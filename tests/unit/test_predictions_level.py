import numpy as np
import pytest

from customer_analytics.predictions import level
from customer_analytics.predictions.level import (
    expected_shift,
    log_odds,
    needed_shift,
    shifted,
)

DAYS = np.array([-120.0, -90.0, -60.0, -30.0])
FLAT = np.zeros(4)
MANY = np.full(4, 10_000)


def test_twice_the_orders_square_the_probability_of_none():
    given = np.array([0.5, 0.2, 0.0])
    moved = shifted(given, np.log(2), 1.0)
    assert moved == pytest.approx([0.75, 0.36, 0.0], abs=1e-5)
    # Of no order, the same said the other way round.
    assert shifted(1 - given, np.log(2), -1.0) == pytest.approx(1 - moved)


def test_log_odds_stay_finite():
    assert log_odds(np.array([0.0, 1.0])) == pytest.approx([-13.8, 13.8], abs=0.1)


@pytest.mark.parametrize("direction", [1.0, 0.0, -1.0])
def test_needed_shift_reaches_the_observed_rate(direction):
    rng = np.random.default_rng(1)
    given = rng.random(2000)
    outcomes = rng.random(2000) < 0.2
    shift = needed_shift(given, outcomes, direction)
    rate = (outcomes.sum() + 0.5) / 2001
    assert shifted(given, shift, direction).mean() == pytest.approx(rate, abs=1e-9)
    assert (shift < 0) == (direction >= 0)


def test_needed_shift_of_equal_probabilities_is_the_ratio_of_rates():
    outcomes = np.arange(99) < 49.5
    # (50 + 0.5) / 100 positives where a half was given.
    wanted = np.log(np.log(1 - 0.505) / np.log(0.5))
    assert needed_shift(np.full(99, 0.5), outcomes, 1.0) == pytest.approx(wanted)


@pytest.mark.parametrize("value", [False, True])
def test_needed_shift_stays_finite_where_outcomes_are_alike(value):
    rate = 10.5 / 11 if value else 0.5 / 11
    for direction in (1.0, -1.0):
        shift = needed_shift(np.full(10, 0.5), np.full(10, value), direction)
        of_an_order = rate if direction > 0 else 1 - rate
        assert shift == pytest.approx(np.log(np.log(1 - of_an_order) / np.log(0.5)))


def test_a_steady_level_is_carried_forward():
    found = expected_shift(DAYS, np.full(4, 0.4), MANY, FLAT, 0.0, True)
    assert found == pytest.approx(0.4, abs=0.03)


def test_demand_moves_the_level_one_to_one_where_it_counts():
    moved = expected_shift(DAYS, FLAT, MANY, FLAT, 0.5, True)
    assert moved == pytest.approx(0.5, abs=1e-9)
    assert expected_shift(DAYS, FLAT, MANY, FLAT, 0.5, False) == pytest.approx(0)


def test_shifts_that_demand_explains_leave_no_level():
    observed = np.array([0.3, -0.2, 0.1, 0.6])
    assert expected_shift(DAYS, observed, MANY, observed, -0.4, True) == pytest.approx(
        -0.4
    )


def test_without_last_year_demand_is_left_out():
    observed = np.array([0.3, -0.2, 0.1, 0.6])
    without = expected_shift(DAYS, np.full(4, 0.4), MANY, observed, np.nan, True)
    assert without == expected_shift(DAYS, np.full(4, 0.4), MANY, FLAT, 0.0, False)


def test_snapshots_of_unknown_demand_are_left_out():
    observed = np.array([np.nan, 0.0, 0.0, 0.0])
    shifts = np.array([5.0, 0.2, 0.2, 0.2])
    assert expected_shift(DAYS, shifts, MANY, observed, 0.0, True) == pytest.approx(
        expected_shift(DAYS[1:], shifts[1:], MANY[1:], FLAT[1:], 0.0, True)
    )


def test_a_trend_is_followed(monkeypatch):
    rising = np.array([0.0, 0.1, 0.2, 0.3])
    found = expected_shift(DAYS, rising, MANY, FLAT, 0.0, True)
    monkeypatch.setattr(level, "TREND", 0.0)
    without = expected_shift(DAYS, rising, MANY, FLAT, 0.0, True)
    assert 0.2 < without < found < 0.45


def test_a_snapshot_of_few_rows_counts_little():
    shifts = np.array([0.0, 0.0, 0.0, 1.0])
    few = np.array([10_000, 10_000, 10_000, 4])
    trusted = expected_shift(DAYS, shifts, MANY, FLAT, 0.0, True)
    doubted = expected_shift(DAYS, shifts, few, FLAT, 0.0, True)
    assert abs(doubted) < 0.1 < trusted
