"""Gamma-gamma: published values, gradient, and what comes out of a simulation."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from customer_analytics.lifetime_value.gamma_gamma import (
    GammaGamma,
    OrderValues,
    fit_gamma_gamma,
    log_likelihood,
)
from customer_analytics.lifetime_value.maximum_likelihood import Fit
from customer_analytics.lifetime_value.order_models import fit_value_models

CDNOW = Path(__file__).parents[3] / "shared" / "data" / "cdnow_sample.txt"


def test_cdnow_parameters_are_the_published_ones():
    """Fader and Hardie (2013), The gamma-gamma model of monetary value."""
    if not CDNOW.exists():
        pytest.skip(f"CDNOW is not there ({CDNOW.name} in shared/data)")
    amounts = {}
    for line in CDNOW.read_text().splitlines():
        _, customer, day, _, amount = line.split()
        days = amounts.setdefault(customer, {})
        days[day] = days.get(day, 0) + float(amount)
    rows = []
    for days in amounts.values():
        known = [days[day] for day in sorted(days) if day <= "19970930"][1:]
        if known and sum(known) > 0:
            rows.append((len(known), sum(known) / len(known)))
    orders, value = np.array(rows, dtype=float).T
    assert len(orders) == 946
    fitted = fit_gamma_gamma(orders, value)
    assert fitted.fit.is_converged
    assert fitted.fit.parameters == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
    # The value expected of a customer with one order of 50 dollars.
    assert fitted.expected_value(np.array([1.0]), np.array([50.0]))[0] == (
        pytest.approx(6.25 * (15.44 + 50) / (6.25 + 3.74 - 1), rel=0.001)
    )


def test_gradient_is_the_numerical_one():
    known = OrderValues(np.array([1.0, 3, 200]), np.array([12.0, 40, 7]))
    point = np.array([3.0, 2.5, 20.0])
    numerical = approx_fprime(point, lambda p: log_likelihood(p, known)[0], 1e-7)
    assert log_likelihood(point, known)[1] == pytest.approx(numerical, rel=1e-4)


def test_simulated_parameters_are_found():
    draws = np.random.default_rng(7)
    p, q, gamma = 5.0, 3.5, 40.0
    orders = draws.integers(1, 12, 8000)
    rate = draws.gamma(q, 1 / gamma, 8000)
    value = draws.gamma(p * orders, 1 / rate) / orders
    fitted = fit_gamma_gamma(orders.astype(float), value)
    assert fitted.fit.parameters == pytest.approx((p, q, gamma), rel=0.1)
    expected = fitted.expected_value(orders.astype(float), value)
    assert expected.mean() == pytest.approx((p / rate).mean(), rel=0.02)


def test_own_mean_counts_more_the_more_orders_are_known():
    fitted = GammaGamma(6.25, 3.74, 15.44, Fit((), 0, True, ""), 35.0)
    of_all = 6.25 * 15.44 / (3.74 - 1)
    found = fitted.expected_value(
        np.array([0.0, 1, 10, 1000]), np.array([np.nan, 100, 100, 100])
    )
    assert found[0] == pytest.approx(of_all)
    assert (np.diff(found) > 0).all() and found[-1] == pytest.approx(100, rel=0.01)


def test_without_a_mean_of_all_the_plain_mean_stands_in():
    fitted = GammaGamma(6.25, 0.9, 15.44, Fit((), 0, True, ""), 30.0)
    found = fitted.expected_value(np.array([0.0, 2]), np.array([0.0, 60]))
    assert list(found) == [30, (30 + 120) / 3]


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan])
def test_values_must_be_above_zero(value):
    with pytest.raises(ValueError, match="above 0"):
        fit_gamma_gamma(np.array([1.0]), np.array([value]))


def test_no_customers_are_refused():
    with pytest.raises(ValueError, match="need customers"):
        fit_gamma_gamma(np.array([]), np.array([]))


@pytest.mark.parametrize(
    ("orders", "amounts"), [([2] * 50, [9.5] * 50), ([1] * 50, list(range(1, 51)))]
)
def test_what_cannot_be_fitted_has_a_mean_and_says_so(orders, amounts):
    models = fit_value_models(
        {
            "snapshot_date": np.full(50, "d", dtype=object),
            "purchase_day_count": np.array(orders),
            "average_amount": np.array(amounts, dtype=float),
        },
        min_customers=30,
    )
    assert np.isnan(models["p"][0]) and not models["is_converged"][0]
    assert models["mean_amount"][0] == pytest.approx(np.mean(amounts))
    assert "not enough" in models["message"][0]
