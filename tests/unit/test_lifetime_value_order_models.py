"""Models of repeat orders: published values, gradients, integrals and simulations."""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import approx_fprime
from scipy.stats import beta as beta_distribution
from scipy.stats import mannwhitneyu

from customer_analytics.lifetime_value.bg_nbd import (
    BgNbd,
    expected_orders_if_alive,
    fit_bg_nbd,
    log_likelihood,
    stage_weights,
)
from customer_analytics.lifetime_value.expected_orders import (
    expected_by_kind,
    expected_orders,
    period_orders,
)
from customer_analytics.lifetime_value.histories import Histories, group_histories
from customer_analytics.lifetime_value.maximum_likelihood import Fit
from customer_analytics.lifetime_value.mbg_cnbd_k import MbgCnbdK
from customer_analytics.lifetime_value.order_models import fit_order_models
from customer_analytics.lifetime_value.season import fit_seasons

DATA = Path(__file__).parents[3] / "shared" / "data"
# Fader, Hardie and Lee (2005), Marketing Science 24(2); weeks.
PUBLISHED = (0.243, 4.414, 0.793, 2.426)
NAMED = (("r", "alpha", "a", "b"), PUBLISHED)
NO_FIT = Fit((), 0.0, True, "")


def model(parameters=PUBLISHED, first_can_be_last=False):
    return BgNbd(*parameters, first_can_be_last, NO_FIT)


def histories(*rows):
    columns = np.array(rows, dtype=float).T
    return Histories(*columns, count=np.ones(len(rows)))


def read_cdnow(name, customer_column, header_lines=0):
    """Return repeats, last, age, orders of the 39 weeks held out, start; in weeks."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"CDNOW is not there ({name} in shared/data)")
    begin, end, days = dt.date(1997, 1, 1), dt.date(1997, 9, 30), {}
    for line in path.read_text().splitlines()[header_lines:]:
        customer, day = line.split()[customer_column : customer_column + 2]
        date = dt.date(int(day[:4]), int(day[4:6]), int(day[6:]))
        days.setdefault(customer, set()).add(date)
    rows = []
    for dates in days.values():
        known = sorted(date for date in dates if date <= end)
        rows.append(
            (
                len(known) - 1,
                (known[-1] - known[0]).days / 7,
                (end - known[0]).days / 7,
                len(dates) - len(known),
                (known[0] - begin).days / 7,
            )
        )
    return np.array(rows).T


@pytest.fixture(scope="module")
def cdnow():
    """Return the tenth of CDNOW's customers that the literature uses."""
    return read_cdnow("cdnow_sample.txt", 1)


def test_cdnow_parameters_are_the_published_ones(cdnow):
    repeats, last, age, *_ = cdnow
    grouped, _ = group_histories(repeats, last, age)
    fitted = fit_bg_nbd(grouped)
    assert fitted.fit.is_converged and fitted.fit.message == ""
    assert fitted.fit.parameters == pytest.approx(PUBLISHED, abs=0.0006)
    assert fitted.fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_cdnow_forecast_is_the_reference_one(cdnow):
    repeats, last, age, later, _ = cdnow
    grouped, rows = group_histories(repeats, last, age)
    expected = fit_bg_nbd(grouped).expected_orders(grouped, 39.0)[rows]
    assert expected.sum() == pytest.approx(1653, abs=1)
    assert later.sum() == 1882
    by_orders = [expected[np.minimum(repeats, 7) == x].mean() for x in range(8)]
    reference = [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157]
    assert by_orders == pytest.approx(reference, abs=0.001)
    errors = expected - later
    assert np.abs(errors).mean() == pytest.approx(0.785, abs=0.001)
    assert np.sqrt((errors**2).mean()) == pytest.approx(1.608, abs=0.001)
    assert np.corrcoef(expected, later)[0, 1] == pytest.approx(0.626, abs=0.001)
    pairs = (later > 0).sum() * (later == 0).sum()
    found = mannwhitneyu(expected[later > 0], expected[later == 0]).statistic / pairs
    assert found == pytest.approx(0.773, abs=0.001)


def test_cdnow_repeat_orders_by_week_78_are_the_reference_ones(cdnow):
    """Fader, Hardie and Lee (2005) report them 4 % short too."""
    repeats, last, age, later, start = cdnow
    fitted = fit_bg_nbd(group_histories(repeats, last, age)[0])
    assert (repeats + later).sum() == 4339
    assert fitted.expected_of_new(78.0 - start).sum() == pytest.approx(4166, abs=1)


def test_all_customers_of_cdnow_are_fitted():
    repeats, last, age, *_ = read_cdnow("cdnow_master.txt", 0, header_lines=1)
    assert len(repeats) == 23570
    fitted = fit_bg_nbd(group_histories(repeats, last, age)[0])
    assert fitted.fit.is_converged and fitted.fit.message == ""


@pytest.mark.parametrize("first_can_be_last", [False, True])
def test_gradient_is_the_numerical_one(first_can_be_last):
    rows = histories((0, 0, 30), (1, 10, 12), (4, 20, 90), (30, 88, 90), (0, 0, 0))
    point = np.array([0.6, 8.0, 0.9, 2.0])
    _, gradient = log_likelihood(point, rows, first_can_be_last)
    numerical = approx_fprime(
        point, lambda p: log_likelihood(p, rows, first_can_be_last)[0], 1e-7
    )
    assert gradient == pytest.approx(numerical, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("first_can_be_last", [False, True])
def test_likelihood_integrates_over_rates_and_dropout(first_can_be_last):
    """One customer, by integrating the likelihood of fixed rates numerically."""
    r, alpha, a, b = point = np.array([0.6, 8.0, 0.9, 2.0])
    x, last, age = 3, 20.0, 45.0
    from scipy.special import gamma

    def given_dropout(p):
        stays = (1 - p) ** (x + int(first_can_be_last))
        drops = p * (1 - p) ** (x - 1 + int(first_can_be_last))
        common = alpha**r * gamma(r + x) / gamma(r)
        return common * (
            stays / (alpha + age) ** (r + x) + drops / (alpha + last) ** (r + x)
        )

    value, _ = quad(lambda p: given_dropout(p) * beta_distribution.pdf(p, a, b), 0, 1)
    found, _ = log_likelihood(point, histories((x, last, age)), first_can_be_last)
    assert found == pytest.approx(np.log(value), rel=1e-6)


@pytest.mark.parametrize("a", [0.05, 0.8, 1.0, 1.7, 3000.0])
@pytest.mark.parametrize("duration", [1.0, 39.0, 400.0])
def test_expected_orders_are_the_integral(a, b=2.4, r=2.2, alpha=43.0, *, duration):
    def given_dropout(p):
        # The rate integrated out: (1 - (alpha / (alpha + p t))^r) / p.
        return -np.expm1(-r * np.log1p(p * duration / alpha)) / p

    # By its distribution function, in which the density has no pole.
    value, _ = quad(
        lambda u: given_dropout(max(beta_distribution.ppf(u, a, b), 1e-14)),
        0,
        1,
        limit=500,
        epsabs=1e-10,
    )
    found = expected_orders_if_alive(r, alpha, a, b, duration)
    assert found == pytest.approx(value, rel=2e-4)


def test_expected_orders_stay_finite_for_hundreds_of_orders():
    rows = histories((369, 738, 738), (369, 10, 738), (0, 0, 738), (2000, 700, 738))
    for parameters in [(0.7, 68.0, 0.15, 3.4), (0.8, 62.0, 2e-5, 5e4), PUBLISHED]:
        found = model(parameters).expected_orders(rows, 365.0)
        assert np.isfinite(found).all() and (found >= 0).all()
        # Nobody can be expected to order more often than without dropping out.
        without = (parameters[0] + rows.repeats) * 365 / (parameters[1] + rows.age)
        assert (found <= without + 1e-9).all()


@pytest.mark.parametrize("first_can_be_last", [False, True])
def test_simulated_customers_do_what_is_expected(first_can_be_last):
    r, alpha, a, b = 1.2, 30.0, 0.8, 2.5
    draws = np.random.default_rng(1)
    count, known_days, later_days = 40_000, 200.0, 100.0
    rate = draws.gamma(r, 1 / alpha, count)
    dropout = draws.beta(a, b, count)
    time = np.zeros(count)
    repeats, last, later = np.zeros(count), np.zeros(count), np.zeros(count)
    alive = np.ones(count, dtype=bool)
    if first_can_be_last:
        alive = draws.random(count) >= dropout
    while alive.any():
        time = np.where(alive, time + draws.exponential(1 / rate), time)
        alive &= time <= known_days + later_days
        is_known = alive & (time <= known_days)
        repeats += is_known
        last = np.where(is_known, time, last)
        later += alive & ~is_known
        alive &= draws.random(count) >= dropout
    rows = Histories(repeats, last, np.full(count, known_days), np.ones(count))
    fitted = fit_bg_nbd(rows, first_can_be_last=first_can_be_last)
    assert fitted.fit.is_converged
    expected = fitted.expected_orders(rows, later_days)
    assert expected.sum() == pytest.approx(later.sum(), rel=0.03)
    for group in (repeats == 0, (repeats > 0) & (repeats < 4), repeats >= 4):
        assert expected[group].sum() == pytest.approx(later[group].sum(), rel=0.08)
        any_order = fitted.probability_of_order(rows, later_days)[group].mean()
        assert any_order == pytest.approx((later[group] > 0).mean(), abs=0.01)
    of_new = fitted.expected_of_new(np.array([known_days]))[0]
    assert of_new == pytest.approx(repeats.mean(), rel=0.03)


def test_one_time_buyers_are_alive_only_in_bg_nbd():
    rows = histories((0, 0, 300))
    assert model().probability_alive(rows)[0] == 1
    assert 0 < model(first_can_be_last=True).probability_alive(rows)[0] < 1


def test_alive_is_less_likely_the_longer_ago_the_last_order():
    rows = histories(*((4, last, 100) for last in (100, 80, 40, 10)))
    for first_can_be_last in (False, True):
        found = model(first_can_be_last=first_can_be_last).probability_alive(rows)
        assert (np.diff(found) < 0).all()


def test_grouping_does_not_change_the_fit():
    draws = np.random.default_rng(2)
    repeats = draws.integers(0, 4, 400)
    last = np.where(repeats > 0, draws.integers(1, 30, 400), 0)
    age = last + draws.integers(0, 3, 400) * 20
    grouped, rows = group_histories(repeats, last, age)
    assert grouped.count.sum() == 400 and len(grouped.count) < 300
    assert (grouped.repeats[rows] == repeats).all()
    assert (grouped.last[rows] == last).all() and (grouped.age[rows] == age).all()
    single = Histories(*(c.astype(float) for c in (repeats, last, age)), np.ones(400))
    point = np.array([0.5, 9.0, 0.7, 2.0])
    assert log_likelihood(point, grouped, False)[0] == pytest.approx(
        log_likelihood(point, single, False)[0]
    )


@pytest.mark.parametrize(
    "row", [(-1, 0, 5), (1, 6, 5), (1, -1, 5), (1, 2, np.inf), (np.nan, 0, 5)]
)
def test_impossible_histories_are_refused(row):
    with pytest.raises(ValueError, match="0 <= last <= age"):
        group_histories(*(np.array([value]) for value in row))


def test_nobody_repeats_is_refused():
    with pytest.raises(ValueError, match="two days"):
        fit_bg_nbd(histories((0, 0, 10)))


@pytest.mark.parametrize(
    "rows",
    [
        [(30, 30, 30)] * 40,
        [(1, 1, 1)] * 40,
        [(0, 0, 0)] * 40 + [(1, 0.5, 1)],
        [(3, 3, 300)] * 50,
    ],
    ids=["every day", "one day old", "all new but one", "nobody came back"],
)
@pytest.mark.parametrize("first_can_be_last", [False, True])
def test_degenerate_histories_give_finite_forecasts(rows, first_can_be_last):
    known = histories(*rows)
    fitted = fit_bg_nbd(known, first_can_be_last=first_can_be_last)
    for found in (
        fitted.expected_orders(known, 365.0),
        fitted.probability_alive(known),
        fitted.probability_of_order(known, 365.0),
    ):
        assert np.isfinite(found).all() and (found >= 0).all()


def daily_calendar(date, days, weekly_factor, draws):
    """Return customers who order at random, more in some weeks; gaps; the calendar."""
    first = dt.date(2020, 1, 1)
    dates = [first + dt.timedelta(days=day) for day in range(days)]
    weeks = np.array([min(51, (day.timetuple().tm_yday - 1) // 7) for day in dates])
    rate = 0.02 * np.asarray(weekly_factor)[weeks]
    # One order a day at most, from the day after the first.
    starts = draws.integers(0, days // 2, 4000)
    came = draws.random((4000, days)) < rate
    came &= np.arange(days) > starts[:, None]
    repeats = came.sum(axis=1)
    last_day = np.where(repeats > 0, days - 1 - came[:, ::-1].argmax(axis=1), starts)
    grouped, _ = group_histories(repeats, last_day - starts, days - 1 - starts)
    gaps = {
        "snapshot_date": np.array([date], dtype=object),
        "log_gap_sum": np.array([log_gaps(came, starts)]),
    }
    calendar = {
        "snapshot_date": np.full(days, date, dtype=object),
        "week_of_year": weeks + 1,
        "new_customer_count": np.bincount(starts, minlength=days),
        "repeat_day_count": came.sum(axis=0),
    }
    known = {
        "snapshot_date": np.full(len(grouped.count), date, dtype=object),
        "repeat_day_count": grouped.repeats,
        "first_to_last_days": grouped.last,
        "age_days": grouped.age,
        "customer_count": grouped.count,
        "is_cutoff": np.ones(len(grouped.count), dtype=bool),
    }
    return known, gaps, calendar


def log_gaps(came, starts):
    """Return the sum of the logarithms of the days since the order before."""
    total, before = 0.0, starts.copy()
    for day in range(came.shape[1]):
        total += np.log(day - before[came[:, day]]).sum()
        before[came[:, day]] = day
    return total


def seasons(models, calendar):
    """Return the factors of the weeks, and the level."""
    first = {name: values[:1] for name, values in models.items()}
    found = fit_seasons(first, calendar)
    return found["season_factor"], found["order_level"][0]


PLANTED = np.repeat([0.8, 1.0, 1.4, 1.0], [12, 27, 10, 3])


def test_planted_season_is_found():
    known, gaps, calendar = daily_calendar("d", 730, PLANTED, np.random.default_rng(3))
    models = fit_order_models(known, gaps, min_repeaters=30)
    assert list(models["model"]) == ["bg_nbd", "mbg_nbd", "mbg_cnbd_k"]
    # They order as they like: no gap is like another.
    assert list(models["k"]) == [1, 1, 1]
    assert models["r"][1] == models["r"][2]
    found, level = seasons(models, calendar)
    # Within a month too; next to a step the weeks are drawn towards each other.
    inner = np.abs(np.gradient(PLANTED)) == 0
    assert (found / found.mean())[inner] == pytest.approx(
        (PLANTED / PLANTED.mean())[inner], rel=0.12
    )
    assert level == pytest.approx(1, abs=0.05)


def test_level_of_late_is_told_from_the_season():
    """Customers order half as often in the last half year as the season has it."""
    known, gaps, calendar = daily_calendar("d", 730, PLANTED, np.random.default_rng(3))
    models = fit_order_models(known, gaps, min_repeaters=30)
    usual, level = seasons(models, calendar)
    fewer = calendar["repeat_day_count"].copy()
    fewer[-180:] //= 2
    found, late = seasons(models, calendar | {"repeat_day_count": fewer})
    assert 0.5 < late < 0.85 * level
    # The season hardly takes it for its own.
    assert np.abs(found[:12] / usual[:12] - 1).max() < 0.15


def test_season_waits_for_a_second_year():
    factor = np.repeat([0.5, 1.5], 26)
    known, gaps, calendar = daily_calendar("d", 360, factor, np.random.default_rng(4))
    models = fit_order_models(known, gaps, min_repeaters=30)
    found, level = seasons(models, calendar)
    assert (found == 1).all() and level == 1


def test_without_a_model_there_is_no_season():
    known, gaps, calendar = daily_calendar("d", 730, PLANTED, np.random.default_rng(5))
    models = fit_order_models(known, gaps, min_repeaters=10**6)
    found, level = seasons(models, calendar)
    assert (found == 1).all() and level == 1


def test_weeks_without_an_order_are_no_error():
    known, gaps, calendar = daily_calendar("d", 730, PLANTED, np.random.default_rng(6))
    models = fit_order_models(known, gaps, min_repeaters=30)
    closed = np.where(calendar["week_of_year"] == 52, 0, calendar["repeat_day_count"])
    found, _ = seasons(models, calendar | {"repeat_day_count": closed})
    assert 0 < found[51] < 0.75 and np.isfinite(found).all()


def test_too_few_repeat_orders_are_no_model():
    known, gaps, _ = daily_calendar("d", 100, np.ones(52), np.random.default_rng(5))
    models = fit_order_models(known, gaps, min_repeaters=10**6)
    assert np.isnan(models["r"]).all()
    assert not models["is_converged"].any()
    assert models["message"][0].startswith("not enough data: needs 1000000 customers")


def test_dates_without_forecasts_get_bg_nbd_only():
    known, gaps, _ = daily_calendar("d", 200, np.ones(52), np.random.default_rng(6))
    known["is_cutoff"][:] = False
    models = fit_order_models(known, gaps, min_repeaters=30)
    assert list(models["model"]) == ["bg_nbd"]


def test_no_dates_give_typed_empty_columns():
    empty = np.array([], dtype=object)
    known = dict.fromkeys(["snapshot_date"], empty)
    models = fit_order_models(known, known, min_repeaters=30)
    assert models["r"].dtype == float and models["model"].dtype == object
    assert all(len(values) == 0 for values in models.values())
    found = fit_seasons(models, known)
    assert all(len(values) == 0 for values in found.values())


def test_grid_is_what_the_model_expects():
    rows = histories((0, 0, 30), (4, 20, 90), (30, 88, 90))
    for shift in (False, True):
        fitted = model(first_can_be_last=shift)
        grid = {
            "first_can_be_last": np.full(3, shift),
            "k": np.ones(3, dtype=int),
            **{name: np.full(3, value) for name, value in zip(*NAMED, strict=True)},
            "stage": np.zeros(3, dtype=int),
            "repeat_day_count": rows.repeats,
            "age_days": rows.age,
            "effective_days": np.full(3, 39.0),
        }
        orders = expected_orders(grid) * fitted.probability_alive(rows)
        assert orders == pytest.approx(fitted.expected_orders(rows, 39.0))


def test_grid_of_regular_gaps_goes_by_the_steps_taken():
    rows = histories((4, 20, 90), (4, 88, 90), (0, 0, 30))
    regular = MbgCnbdK(3, *PUBLISHED, NO_FIT)
    grid = {
        "first_can_be_last": np.full(10, True),
        "k": np.array([3] * 9 + [1]),
        **{name: np.full(10, value) for name, value in zip(*NAMED, strict=True)},
        "stage": np.array([0, 1, 2] * 3 + [0]),
        "repeat_day_count": np.append(np.repeat(rows.repeats, 3), 4),
        "age_days": np.append(np.repeat(rows.age, 3), 90),
        "effective_days": np.full(10, 39.0),
    }
    found = expected_orders(grid)
    # Of the steps alone, whenever the last order was; the next one is due sooner.
    assert found[:3] == pytest.approx(found[3:6])
    assert (np.diff(found[:3]) > 0).all()
    # The mean over the steps that the pause makes likely is what the model expects.
    share = (rows.age - rows.last) / (PUBLISHED[1] + rows.age)
    odds = stage_weights(PUBLISHED[0] + 3 * rows.repeats, share, 3).T
    mean = (odds * found[:9].reshape(3, 3)).sum(axis=1) / odds.sum(axis=1)
    assert mean == pytest.approx(regular.orders_if_alive(rows, 39.0))
    simple = model(first_can_be_last=True).expected_orders(rows, 39.0)[0]
    alive = model(first_can_be_last=True).probability_alive(rows)[0]
    assert found[9] == pytest.approx(simple / alive)


def test_orders_of_a_period_come_after_the_one_before():
    number = np.array([1, 2, 3, 1, 2, 1])
    expected = np.array([1.0, 3.0, 2.9, 5.0, 9.0, 2.0])
    assert period_orders(number, expected) == pytest.approx([1, 2, 0, 5, 4, 2])


def test_the_grid_is_read_kind_by_kind():
    grid = duckdb.sql(
        "select date '2024-01-01' as cutoff_date, kind as period_kind, number as "
        "period_number, first as first_can_be_last, k, 0 as stage, "
        "2 as repeat_day_count, 90 as age_days, 0.5 as r, 9.0 as alpha, 0.8 as a, "
        "2.4 as b, number::double as effective_days from (values "
        "('horizon', 90, true, 2), ('month', 31, true, 1), ('horizon', 90, true, 1), "
        "('month', 20, true, 1), ('horizon', 90, false, 1)) "
        "as t(kind, number, first, k)"
    )
    blocks = list(expected_by_kind(grid))
    assert [len(block["stage"]) for block in blocks] == [3, 0, 2, 0]
    horizon, _, month, _ = blocks
    assert list(horizon["model"]) == ["bg_nbd", "mbg_nbd", "mbg_cnbd_k"]
    assert set(month["period_kind"]) == {"month"}
    assert month["period_orders"].sum() == pytest.approx(month["expected_orders"][1])
