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


def test_shifting_adds_to_log_odds():
    moved = shifted(np.array([0.5, 0.2]), np.log(4))
    assert moved == pytest.approx([0.8, 0.5])
    assert log_odds(np.array([0.0, 1.0])) == pytest.approx([-13.8, 13.8], abs=0.1)


def test_needed_shift_reaches_the_observed_rate():
    rng = np.random.default_rng(1)
    given = rng.random(2000)
    outcomes = rng.random(2000) < 0.2
    shift = needed_shift(given, outcomes)
    rate = (outcomes.sum() + 0.5) / 2001
    assert shifted(given, shift).mean() == pytest.approx(rate, abs=1e-9)
    assert shift < 0


def test_needed_shift_of_equal_probabilities_is_the_difference_of_log_odds():
    outcomes = np.arange(99) < 49.5
    # (50 + 0.5) / 100 positives where a half was given.
    assert needed_shift(np.full(99, 0.5), outcomes) == pytest.approx(
        np.log(0.505 / 0.495)
    )


@pytest.mark.parametrize("value", [False, True])
def test_needed_shift_stays_finite_where_outcomes_are_alike(value):
    shift = needed_shift(np.full(10, 0.5), np.full(10, value))
    assert shift == pytest.approx((1 if value else -1) * np.log(10.5 / 0.5))


def test_a_steady_level_is_carried_forward():
    found = expected_shift(DAYS, np.full(4, 0.4), MANY, FLAT, 0.0, 1.0)
    assert found == pytest.approx(0.4, abs=0.03)


def test_demand_moves_the_level_one_to_one_in_its_direction():
    for direction in (1.0, -1.0):
        moved = expected_shift(DAYS, FLAT, MANY, FLAT, 0.5, direction)
        assert moved == pytest.approx(0.5 * direction, abs=1e-9)
    assert expected_shift(DAYS, FLAT, MANY, FLAT, 0.5, 0.0) == pytest.approx(0)


def test_shifts_that_demand_explains_leave_no_level():
    observed = np.array([0.3, -0.2, 0.1, 0.6])
    assert expected_shift(DAYS, observed, MANY, observed, -0.4, 1.0) == pytest.approx(
        -0.4
    )


def test_without_last_year_demand_is_left_out():
    observed = np.array([0.3, -0.2, 0.1, 0.6])
    without = expected_shift(DAYS, np.full(4, 0.4), MANY, observed, np.nan, 1.0)
    assert without == expected_shift(DAYS, np.full(4, 0.4), MANY, FLAT, 0.0, 0.0)


def test_snapshots_of_unknown_demand_are_left_out():
    observed = np.array([np.nan, 0.0, 0.0, 0.0])
    shifts = np.array([5.0, 0.2, 0.2, 0.2])
    assert expected_shift(DAYS, shifts, MANY, observed, 0.0, 1.0) == pytest.approx(
        expected_shift(DAYS[1:], shifts[1:], MANY[1:], FLAT[1:], 0.0, 1.0)
    )


def test_a_trend_is_followed(monkeypatch):
    rising = np.array([0.0, 0.1, 0.2, 0.3])
    found = expected_shift(DAYS, rising, MANY, FLAT, 0.0, 1.0)
    monkeypatch.setattr(level, "TREND", 0.0)
    without = expected_shift(DAYS, rising, MANY, FLAT, 0.0, 1.0)
    assert 0.2 < without < found < 0.45


def test_a_snapshot_of_few_rows_counts_little():
    shifts = np.array([0.0, 0.0, 0.0, 1.0])
    few = np.array([10_000, 10_000, 10_000, 4])
    trusted = expected_shift(DAYS, shifts, MANY, FLAT, 0.0, 1.0)
    doubted = expected_shift(DAYS, shifts, few, FLAT, 0.0, 1.0)
    assert abs(doubted) < 0.1 < trusted
