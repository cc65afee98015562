"""MBG/CNBD-k: integrals, MBG/NBD as k = 1, simulated regular and irregular buyers."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import beta, gamma, poisson

from customer_analytics.lifetime_value.bg_nbd import fit_bg_nbd, log_likelihood
from customer_analytics.lifetime_value.histories import Histories
from customer_analytics.lifetime_value.maximum_likelihood import Fit
from customer_analytics.lifetime_value.mbg_cnbd_k import MbgCnbdK, fit_mbg_cnbd_k

# Of the simulations in the tests of BTYDplus (Platzer 2016), the authors' package: k,
# r, alpha (weeks), a, b.
TRUTH = (3, 0.85, 1.45, 0.79, 2.42)
NO_FIT = Fit((), 0.0, True, "")


def simulate(count, k, r, alpha, a, b, *, seed, known=(52.0, 104.0), ahead=32.0):
    """Return histories of customers, and what they ordered and whether they stayed."""
    rng = np.random.default_rng(seed)
    rows, later, stayed, log_gaps = [], [], [], 0.0
    for _ in range(count):
        rate, dropout = rng.gamma(r, 1 / alpha), rng.beta(a, b)
        age = rng.uniform(*known)
        times, is_alive_then = [0.0], rng.random() > dropout
        is_alive = is_alive_then
        while is_alive:
            following = times[-1] + rng.gamma(k, 1 / rate)
            if following > age + ahead:
                break
            times.append(following)
            is_alive = rng.random() > dropout
            if following <= age:
                is_alive_then = is_alive
        past = [time for time in times if time <= age]
        log_gaps += np.log(np.diff(past)).sum()
        rows.append((len(past) - 1, past[-1], age))
        later.append(len(times) - len(past))
        stayed.append(is_alive_then)
    columns = np.array(rows).T
    histories = Histories(*columns, count=np.ones(count), log_gaps=log_gaps)
    return histories, np.array(later), np.array(stayed)


def histories(*rows, log_gaps=0.0):
    columns = np.array(rows, dtype=float).T
    return Histories(*columns, count=np.ones(len(rows)), log_gaps=log_gaps)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_gradient_is_the_numerical_one(k):
    rows = histories((0, 0, 30), (1, 10, 12), (4, 20, 90), (30, 88, 90), log_gaps=40)
    point = np.array([0.6, 8.0, 0.9, 2.0])
    _, gradient = log_likelihood(point, rows, True, k)
    numerical = approx_fprime(
        point, lambda p: log_likelihood(p, rows, True, k)[0], 1e-7
    )
    assert gradient == pytest.approx(numerical, rel=1e-5, abs=1e-5)


def test_one_customer_by_numerical_integration():
    """Over a grid of rates and dropouts, from the process as it is described."""
    k, r, alpha, a, b = 2, 1.6, 4.0, 2.0, 3.0
    gaps, age, ahead = [3.0, 5.0], 13.0, 6.0
    nodes, weights = np.polynomial.legendre.leggauss(200)
    rate, p = 4 * (nodes[:, None] + 1), (nodes + 1) / 2
    weight = 2 * np.outer(weights, weights)
    weight = weight * gamma.pdf(rate, r, scale=1 / alpha) * beta.pdf(p, a, b)

    came = np.prod([gamma.pdf(gap, k, scale=1 / rate) for gap in gaps], axis=0)
    steps = [poisson.pmf(step, rate * 5.0) for step in range(k)]
    gone = (weight * came * (1 - p) ** 2 * p).sum()
    alive = (weight * came * (1 - p) ** 3 * sum(steps)).sum()
    # An order comes with enough steps, unless one before was the last.
    orders = sum(
        (1 - p) ** (order - 1)
        * steps[step]
        * poisson.sf(order * k - step - 1, rate * ahead)
        for step in range(k)
        for order in range(1, 40)
    )
    later = (weight * came * (1 - p) ** 3 * orders).sum()

    known = histories((2, 8.0, age), log_gaps=np.log(gaps).sum())
    value, _ = log_likelihood(np.array([r, alpha, a, b]), known, True, k)
    assert value == pytest.approx(np.log(alive + gone), abs=1e-5)
    model = MbgCnbdK(k, r, alpha, a, b, NO_FIT)
    assert model.probability_alive(known)[0] == pytest.approx(alive / (alive + gone))
    assert model.orders_if_alive(known, ahead)[0] == pytest.approx(later / alive)
    assert model.expected_orders(known, ahead)[0] == pytest.approx(
        later / (alive + gone)
    )


def test_with_one_step_it_is_mbg_nbd():
    known, *_ = simulate(1500, 1, *TRUTH[1:], seed=2)
    simple = fit_bg_nbd(known, first_can_be_last=True)
    regular = fit_mbg_cnbd_k(known, simple)
    assert regular.k == 1
    assert regular.fit == simple.fit
    assert regular.probability_alive(known) == pytest.approx(
        simple.probability_alive(known), rel=1e-9
    )
    assert regular.expected_orders(known, 32.0) == pytest.approx(
        simple.expected_orders(known, 32.0), rel=1e-6, abs=1e-8
    )
    assert not regular.log_quiet(known).any()


def test_cdnow_has_the_published_parameters_and_no_regular_gaps():
    """Batislam, Denizel and Filiztekin (2007) have them of MBG/NBD; weeks."""
    path = Path(__file__).parents[3] / "shared" / "data" / "cdnow_sample.txt"
    if not path.exists():
        pytest.skip("CDNOW is not there (cdnow_sample.txt in shared/data)")
    days, end = {}, dt.date(1997, 9, 30)
    for line in path.read_text().splitlines():
        customer, day = line.split()[1:3]
        days.setdefault(customer, set()).add(dt.datetime.strptime(day, "%Y%m%d").date())
    rows, log_gaps = [], 0.0
    for dates in days.values():
        known = sorted(date for date in dates if date <= end)
        weeks = np.array([(date - known[0]).days for date in [*known, end]]) / 7
        rows.append((len(known) - 1, weeks[-2], weeks[-1]))
        log_gaps += np.log(np.diff(weeks[:-1])).sum()
    known = histories(*rows, log_gaps=log_gaps)
    found = fit_mbg_cnbd_k(known, fit_bg_nbd(known, first_can_be_last=True))
    assert found.k == 1
    published = (0.525, 6.183, 0.891, 1.614)
    assert found.fit.parameters == pytest.approx(published, abs=0.0006)


def test_regular_buyers_are_seen_for_what_they_are():
    """As the authors' own test: the truth within a tenth."""
    known, *_ = simulate(4000, *TRUTH, seed=1)
    found = fit_mbg_cnbd_k(known, fit_bg_nbd(known, first_can_be_last=True))
    assert found.fit.is_converged
    assert found.k == TRUTH[0]
    assert found.fit.parameters == pytest.approx(TRUTH[1:], rel=0.1)


def test_regular_buyers_are_forecast_better_than_by_mbg_nbd():
    """To MBG/NBD a regular buyer who is overdue is only having a pause."""
    known, later, stayed = simulate(2000, 10, 20, 8, 1, 9, seed=3)
    simple = fit_bg_nbd(known, first_can_be_last=True)
    regular = fit_mbg_cnbd_k(known, simple)
    expected, plain = (each.expected_orders(known, 32.0) for each in (regular, simple))
    assert expected.sum() == pytest.approx(later.sum(), rel=0.05)
    assert plain.sum() > 1.15 * later.sum()
    assert np.abs(expected - later).mean() < 0.8 * np.abs(plain - later).mean()
    alive, plainly = (each.probability_alive(known) for each in (regular, simple))
    assert alive.mean() == pytest.approx(stayed.mean(), abs=0.01)
    assert ((alive - stayed) ** 2).mean() < ((plainly - stayed) ** 2).mean()


def test_equal_customers_may_be_grouped():
    rows = histories((3, 20, 30), (0, 0, 12), (3, 20, 30))
    grouped = Histories(
        *(np.array(column, dtype=float) for column in ([0, 3], [0, 20], [12, 30])),
        count=np.array([1.0, 2.0]),
    )
    point = np.array([0.6, 8.0, 0.9, 2.0])
    one, other = (log_likelihood(point, each, True, 3) for each in (rows, grouped))
    assert one[0] == pytest.approx(other[0])
    assert one[1] == pytest.approx(other[1])


def test_hundreds_of_orders_stay_finite():
    model = MbgCnbdK(4, 0.9, 10.0, 0.5, 3.0, NO_FIT)
    known = histories((900, 1000, 1001), (0, 0, 3000), (1, 0, 0))
    expected = model.expected_orders(known, 365.0)
    assert np.isfinite(expected).all() and (expected >= 0).all()
    assert expected[0] == pytest.approx(0.9 * 365, rel=0.2)
