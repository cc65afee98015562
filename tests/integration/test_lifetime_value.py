"""Lifetime value of built data: judged as scipy judges, leak-free, never infinite."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata, spearmanr

from customer_analytics.lifetime_value.bg_nbd import BgNbd
from customer_analytics.lifetime_value.histories import Histories
from customer_analytics.lifetime_value.maximum_likelihood import Fit
from customer_analytics.sample import make_sample

# And the tests of what is built alone.
AREA = ("--select", "+tag:lifetime_value", "+customer_rfm")
AREA += ("--indirect-selection", "cautious")
BUILD = ("build", *AREA)
PAST = (
    *("build", "--exclude-resource-types", "test"),
    *("--select", "+int_purchase_probability_baseline", "+int_order_forecasts"),
)
SAMPLE_DATE = "2024-12-01"


def area(actual, by):
    """Return the area of the concentration curve, equal values shared out."""
    _, place, count = np.unique(by, return_inverse=True, return_counts=True)
    mean_of_group = np.bincount(place, actual) / count
    order = np.argsort(-by, kind="stable")
    curve = np.cumsum(mean_of_group[place][order])
    return curve.sum() - actual.sum() * (len(actual) + 1) / 2


def top_share(actual, predicted):
    """Return the share of the best tenth, averaged over orders of equal predictions."""
    count = math.ceil(len(actual) / 10)
    limit = np.sort(predicted)[-count]
    above, tied = predicted > limit, predicted == limit
    part = (count - above.sum()) / tied.sum()
    return (actual[above].sum() + part * actual[tied].sum()) / actual.sum()


@pytest.fixture(scope="module")
def backtest(sample_build):
    """Return predicted and actual amounts by model, horizon and cut-off (None: all)."""
    found = {}
    for model, horizon, cutoff, predicted, actual in sample_build.rows(
        "select model, horizon_days, cutoff_date::varchar, predicted_amount, "
        "actual_amount from intermediate.int_backtest_amounts"
    ):
        for scope in (cutoff, None):
            found.setdefault((model, horizon, scope), []).append((predicted, actual))
    return {key: np.array(rows).T for key, rows in found.items()}


def test_metrics_are_those_of_scipy_and_numpy(sample_build, backtest):
    rows = sample_build.rows(
        "select model, horizon_days, cutoff_date::varchar, n, bias, mae, rmse, r2, "
        "spearman, gini, top_decile_capture from evidence.lifetime_value_metrics"
    )
    assert len(rows) == len(backtest) > 200
    for *key, count, bias, mae, rmse, r2, spearman, gini, top in rows:
        predicted, actual = backtest[tuple(key)]
        errors = predicted - actual
        assert count == len(actual)
        expected = (
            predicted.sum() / actual.sum() - 1,
            np.abs(errors).mean(),
            np.sqrt((errors**2).mean()),
            1 - (errors**2).sum() / ((actual - actual.mean()) ** 2).sum(),
            area(actual, predicted) / area(actual, actual),
            top_share(actual, predicted),
        )
        found = (bias, mae, rmse, r2, gini, top)
        # Amounts have four decimals.
        assert found[1:3] == pytest.approx(expected[1:3], abs=6e-5), key
        others = [0, 3, 4, 5]
        assert [found[i] for i in others] == pytest.approx(
            [expected[i] for i in others], rel=1e-6, abs=1e-6
        ), key
        if key[0] == "zero":
            assert spearman is None
        else:
            truth = spearmanr(predicted, actual).statistic
            assert spearman == pytest.approx(truth, abs=1e-8), key


def test_errors_of_single_dates_do_not_cancel(sample_build, backtest):
    rows = sample_build.rows(
        "select model, horizon_days, mean_absolute_bias, worst_bias, "
        "bias_below_top_decile from evidence.lifetime_value_metrics "
        "where cutoff_date is null"
    )
    assert len(rows) > 30
    for model, horizon, mean, worst, lower in rows:
        biases, low = [], []
        for (name, days, cutoff), (predicted, actual) in backtest.items():
            if (name, days) == (model, horizon) and cutoff is not None:
                biases.append(predicted.sum() / actual.sum() - 1)
                below = rankdata(predicted) <= 0.9 * len(predicted)
                came = actual[below].sum()
                low.append(predicted[below].sum() / came - 1 if came else np.nan)
        assert mean == pytest.approx(np.abs(biases).mean(), abs=1e-6)
        assert worst == pytest.approx(max(biases, key=abs), abs=1e-6)
        if lower is not None:
            assert lower == pytest.approx(np.nanmean(low), abs=1e-6)


def test_gain_in_ranks_is_as_sure_as_a_bootstrap_of_customers_says(sample_build):
    checked = 0
    for horizon, model, baseline, gap, low, high in sample_build.rows(
        "select horizon_days, model, baseline_model, gini_gap, gini_gap_low, "
        "gini_gap_high from evidence.chosen_lifetime_value_models "
        "where gini_gap is not null"
    ):
        frames = {
            name: {
                cutoff: np.array(values, dtype=object).T
                for cutoff, values in by_cutoff(sample_build, name, horizon).items()
            }
            for name in (model, baseline)
        }
        draws = np.random.default_rng(horizon)
        customers = sorted(
            {one for rows in frames[model].values() for one in rows[0].tolist()}
        )
        number = {customer: i for i, customer in enumerate(customers)}
        gaps = []
        for draw in range(201):
            # First everybody once, then as often as drawn.
            weights = np.ones(len(customers), dtype=int)
            if draw:
                chosen = draws.integers(len(customers), size=len(customers))
                weights = np.bincount(chosen, minlength=len(customers))
            found = []
            for cutoff, (ids, predicted, actual) in frames[model].items():
                others = dict(zip(*frames[baseline][cutoff][:2].tolist(), strict=True))
                times = weights[[number[one] for one in ids]]
                came = np.repeat(actual.astype(float), times)
                ours = np.repeat(predicted.astype(float), times)
                theirs = np.repeat([others[one] for one in ids], times)
                best = area(came, came)
                found.append((area(came, ours) - area(came, theirs)) / best)
            gaps.append(np.mean(found))
        assert gap == pytest.approx(gaps[0], abs=1e-6)
        assert (high - low) / 3.919928 == pytest.approx(np.std(gaps[1:]), rel=0.25)
        checked += 1
    assert checked


def by_cutoff(build, model, horizon):
    """Return (customer, predicted, actual) of a model by cut-off."""
    found = {}
    for cutoff, *row in build.rows(
        "select cutoff_date::varchar, customer_id, predicted_amount, actual_amount "
        "from intermediate.int_backtest_amounts "
        f"where model = '{model}' and horizon_days = {horizon} order by 1, 2"
    ):
        found.setdefault(cutoff, []).append(row)
    return found


def test_seasonal_level_is_that_of_the_same_days_last_year(sample_build):
    """As of now, 90 days: worked out from orders, with pandas."""
    orders = pd.DataFrame(
        sample_build.rows(
            "select customer_id, ordered_at::date, net_amount::double "
            "from marts.orders where customer_id is not null and net_amount > 0"
        ),
        columns=["customer", "day", "amount"],
    )
    orders["day"] = pd.to_datetime(orders["day"])
    first = orders["customer"].map(orders.groupby("customer")["day"].min())

    ((today,),) = sample_build.rows(
        "select as_of_date from intermediate.int_as_of_date"
    )

    def of_known(days_before):
        start = pd.Timestamp(today) - pd.Timedelta(days=days_before)
        within = orders["day"].between(start, start + pd.Timedelta(days=89))
        return orders["amount"][within & (first < start)].sum()

    ((found,),) = sample_build.rows(
        "select seasonal_naive_amount::double from evidence.lifetime_value_totals "
        "where horizon_days = 90"
    )
    expected = of_known(365) * of_known(90) / of_known(455)
    assert found == pytest.approx(expected, rel=1e-6)


def test_blend_has_the_total_of_last_year_where_there_is_one(sample_build):
    rows = sample_build.rows(
        "select ours.cutoff_date, ours.horizon_days, ours.predicted_amount::double, "
        "theirs.predicted_amount::double from evidence.lifetime_value_metrics as ours "
        "inner join evidence.lifetime_value_metrics as theirs "
        "using (cutoff_date, horizon_days) "
        "where ours.model = 'blend_seasonal' and theirs.model = 'seasonal_naive'"
    )
    assert len(rows) > 6
    for *_, ours, theirs in rows:
        assert ours == pytest.approx(theirs, rel=1e-6)


def test_areas_are_shown_with_what_came(sample_build):
    rows = sample_build.rows(
        "select forecast_date, measure, came, customer_count "
        "from evidence.forecast_agreement where not is_as_of_date"
    )
    assert {measure for _, measure, *_ in rows} == {
        *("buyers", "orders", "amount", "alive")
    }
    for date, measure, came, count in rows:
        within = f"ordered_at >= '{date}' and ordered_at < date '{date}' + 90"
        ((known, *values),) = sample_build.rows(
            f"""
            select count(distinct customer_id) filter (where ordered_at < '{date}'),
                count(distinct customer_id) filter (where {within} and is_known),
                count(distinct (customer_id, ordered_at::date))
                    filter (where {within} and is_known),
                sum(net_amount::double) filter (where {within} and is_known),
                count(distinct customer_id)
                    filter (where ordered_at >= '{date}' and is_known)
            from (
                select *, min(ordered_at) over (partition by customer_id) < '{date}'
                    as is_known
                from marts.orders where customer_id is not null and net_amount > 0
            )
            """
        )
        measures = dict(
            zip(("buyers", "orders", "amount", "alive"), values, strict=True)
        )
        assert count == known
        assert came == pytest.approx(measures[measure] / known, rel=1e-6), measure


def test_nothing_is_too_good_to_be_true(sample_build):
    ((best,),) = sample_build.rows(
        "select max(r2) from evidence.lifetime_value_metrics"
    )
    assert 0.5 < best < 0.9


def test_every_model_is_tried_at_six_dates_over_the_year(sample_build):
    rows = sample_build.rows(
        "select horizon_days, model, count(cutoff_date), "
        "count(distinct quarter(cutoff_date)) from evidence.lifetime_value_metrics "
        "group by all"
    )
    assert {model for *_, model, _, _ in rows} >= {
        *("zero", "last_period", "run_rate", "historic_value"),
        *("bg_nbd", "mbg_nbd"),
        *("linear", "decision_tree", "random_forest", "xgboost", "neural_network"),
        *("blend", "blend_last_period", "mbg_nbd_without_season"),
    }
    # Last year is known where a year lies before.
    known = {horizon: n for horizon, model, n, _ in rows if model == "seasonal_naive"}
    assert 0 < known[90] <= 6 and 0 < known[180] < 6
    rows = [row for row in rows if row[1] != "seasonal_naive"]
    by_horizon = {(horizon, count) for horizon, _, count, _ in rows}
    assert by_horizon == {(90, 6), (180, 6), (365, 6)}
    assert {quarters for horizon, _, _, quarters in rows if horizon == 90} == {4}


def test_every_second_trial_is_within_a_month(sample_build):
    """As most as-of dates are; fitted at the start of that month, as for them."""
    rows = sample_build.rows(
        "select day(cutoff_date), learned_date = date_trunc('month', cutoff_date), "
        "count(*) from intermediate.int_lifetime_value_cutoffs "
        "where horizon_days = 90 and not is_as_of_date group by all order by all"
    )
    assert rows == [(1, True, 3), (16, True, 3)]
    # Nobody else looks at the middle of a month.
    assert sample_build.rows(
        "select day(snapshot_date), count(distinct snapshot_date) > 20 "
        "from marts.customer_rfm_history group by all"
    ) == [(1, True)]


def test_sql_and_python_agree_on_the_models_of_repeat_orders(sample_build):
    ((*parameters, level, date),) = sample_build.rows(
        "select r, alpha, a, b, order_level, snapshot_date "
        "from intermediate.int_order_models "
        "inner join intermediate.int_as_of_date on as_of_date = snapshot_date "
        "where model = 'mbg_nbd'"
    )
    model = BgNbd(*parameters, True, Fit((), 0.0, True, ""))
    ((effective,),) = sample_build.rows(
        "select effective_days from intermediate.int_forecast_periods "
        f"where cutoff_date = '{date}' and period_kind = 'horizon' "
        "and period_number = 180"
    )
    rows = sample_build.rows(
        "select repeat_day_count, first_to_last_days, age_days, probability_alive, "
        "expected_orders_180d from marts.customer_lifetime_value "
        "inner join intermediate.int_purchase_histories using (customer_id) "
        f"where snapshot_date = '{date}'"
    )
    repeats, last, age, alive, orders = np.array(rows, dtype=float).T
    known = Histories(repeats, last, age, np.ones(len(rows)))
    assert len(rows) > 1500
    assert alive == pytest.approx(model.probability_alive(known), abs=1e-8)
    assert 0.5 < level < 1.5
    expected = level * model.expected_orders(known, effective)
    assert orders == pytest.approx(expected, abs=1e-8)


def test_without_regular_gaps_there_is_no_twin_of_mbg_nbd(sample_build):
    """The sample's customers order at random: an order is one step."""
    assert sample_build.rows(
        "select model, k, is_chosen from evidence.order_model_metrics"
    ) == [("mbg_nbd", 1, True)]
    assert sample_build.rows(
        "select distinct model from intermediate.int_order_forecasts order by 1"
    ) == [
        *(("bg_nbd",), ("bg_nbd_without_season",)),
        *(("mbg_nbd",), ("mbg_nbd_without_season",)),
    ]


def test_a_total_may_come_as_wrong_as_it_did(sample_build):
    rows = sample_build.rows(
        "select totals.predicted_amount::double, predicted_amount_low::double, "
        "predicted_amount_high::double, max(bias), min(bias) "
        "from evidence.lifetime_value_totals as totals "
        "inner join evidence.lifetime_value_metrics using (horizon_days, model) "
        "where cutoff_date is not null group by all"
    )
    assert len(rows) == 3
    for predicted, low, high, highest, lowest in rows:
        assert low == pytest.approx(predicted / (1 + highest), rel=1e-6)
        assert high == pytest.approx(predicted / (1 + lowest), rel=1e-6)


def test_classifier_baseline_is_bg_nbd(sample_build):
    ((date, *parameters),) = sample_build.rows(
        "select snapshot_date, r, alpha, a, b from intermediate.int_order_models "
        "where model = 'bg_nbd' order by snapshot_date desc limit 1"
    )
    model = BgNbd(*parameters, False, Fit((), 0.0, True, ""))
    ((effective,),) = sample_build.rows(
        "select effective_days from intermediate.int_forecast_periods "
        f"where cutoff_date = '{date}' and period_kind = 'horizon' "
        "and period_number = 90"
    )
    rows = sample_build.rows(
        "select repeat_day_count, first_to_last_days, age_days, probability "
        "from intermediate.int_purchase_probability_baseline as baseline "
        "inner join intermediate.int_purchase_histories as histories "
        "on cutoff_date = snapshot_date "
        "and baseline.customer_id = histories.customer_id "
        f"where cutoff_date = '{date}' and horizon_days = 90"
    )
    repeats, last, age, probability = np.array(rows, dtype=float).T
    known = Histories(repeats, last, age, np.ones(len(rows)))
    expected = model.probability_of_order(known, effective)
    assert probability == pytest.approx(expected, abs=1e-8)
    assert sample_build.rows(
        "select count(distinct cutoff_date) > 20, count(distinct horizon_days) "
        "from intermediate.int_purchase_probability_baseline"
    ) == [(True, 4)]


def test_planted_churners_are_seen_and_planted_value_is_found(sample_build):
    truth = make_sample().customer_truth
    names = map(str, truth["customer_id"])
    churned = dict(zip(names, truth["is_churned"], strict=True))
    rows = sample_build.rows(
        "select customer_id, probability_alive, value_tier, predicted_amount_365d "
        "from marts.customer_lifetime_value where order_count >= 4"
    )
    gone = [alive for customer, alive, *_ in rows if churned[customer]]
    here = [alive for customer, alive, *_ in rows if not churned[customer]]
    assert np.median(gone) < 0.6 < 0.8 < np.median(here)
    worth = dict(
        zip(
            map(str, truth["customer_id"]),
            truth["orders_per_month"]
            * truth["mean_order_value"]
            * ~truth["is_churned"],
            strict=True,
        )
    )
    planted = [worth[customer] for customer, *_ in rows]
    found = [float(amount) for *_, amount in rows]
    assert spearmanr(planted, found).statistic > 0.6


def test_one_time_buyers_are_worth_no_more_than_comparable_repeat_buyers(sample_build):
    rows = sample_build.rows(
        "select recency_days < 90, average_order_amount < 200, "
        "customer_lifetime_value.order_count = 1, "
        "avg(predicted_amount_365d)::double, avg(expected_orders_365d), count(*) "
        "from marts.customer_lifetime_value "
        "inner join marts.customer_rfm using (customer_id) "
        "inner join (select customer_id, average_order_amount "
        "from intermediate.int_customer_snapshots inner join "
        "intermediate.int_as_of_date on as_of_date = snapshot_date) "
        "using (customer_id) "
        "where customer_lifetime_value.order_count in (1, 2, 3) group by all"
    )
    found = {tuple(key): (amount, orders) for *key, amount, orders, _ in rows}
    assert len(found) == 8 and min(count for *_, count in rows) > 10
    for recent in (True, False):
        for small in (True, False):
            once, again = found[recent, small, True], found[recent, small, False]
            assert once[0] < again[0] and once[1] < again[1]


def test_tiers_are_shares_of_the_customers(sample_build):
    tiers = dict(
        sample_build.rows(
            "select value_tier, count(*) / sum(count(*)) over () "
            "from marts.customer_lifetime_value group by value_tier"
        )
    )
    assert tiers["top 1%"] == pytest.approx(0.01, abs=0.002)
    assert tiers["top 5%"] == pytest.approx(0.04, abs=0.002)
    assert tiers["rest"] == pytest.approx(0.5, abs=0.01)


def test_intervals_and_windows_hold_what_they_promise(sample_build):
    for horizon, coverage in sample_build.rows(
        "select horizon_days, interval_coverage "
        "from evidence.chosen_lifetime_value_models where interval_coverage is not null"
    ):
        assert 0.7 < coverage < 0.9, horizon
    ((coverage,),) = sample_build.rows(
        "select coverage from evidence.next_order_window_coverage "
        "where cutoff_date is null and order_group = 'all'"
    )
    assert 0.42 < coverage < 0.6


def test_what_serves_has_a_run_that_knew_no_future(sample_build):
    assert sample_build.rows(
        "select count(*) from marts.customer_lifetime_value "
        "inner join intermediate.int_lifetime_value_model_runs as runs "
        "using (model_run_id) where not runs.is_serving "
        "or runs.cutoff_date <> as_of_date or runs.last_outcome_date > as_of_date"
    ) == [(0,)]


@pytest.fixture(scope="module")
def earlier_build(shared_build):
    build = shared_build(*PAST, as_of_date=SAMPLE_DATE)
    assert build.success, build.message
    return build


@pytest.mark.parametrize(
    ("rows", "least"),
    [
        # Order values are learned at cut-offs alone, of which the latest are others.
        ("select * exclude (message, p, q, gamma, mean_amount, is_value_converged) "
         "from intermediate.int_order_models "
         "where model = 'bg_nbd' and snapshot_date <= '{date}'", 15),
        # Numbers are of the customers there are now.
        ("select * exclude (customer_number) "
         "from intermediate.int_purchase_histories "
         "where snapshot_date <= '{date}'", 5000),
        ("select * from intermediate.int_season_days where snapshot_date <= '{date}' "
         "and calendar_date <= '{date}'", 5000),
        ("select * from intermediate.int_purchase_probability_baseline "
         "where cutoff_date <= '{date}'", 20000),
    ],
    ids=["models", "histories", "season", "probabilities"],
)  # fmt: skip
def test_later_orders_change_nothing_of_the_past(
    sample_build, earlier_build, rows, least
):
    known = rows.format(date=SAMPLE_DATE)
    assert earlier_build.rows(f"select count(*) > {least} from ({known})") == [(True,)]
    assert sample_build.difference(earlier_build, known) == 0


# --- Degenerate data: a fitness row, never a stack trace or an infinite value.

HEADER = "customer,day,amount\n"
COLUMNS = {"customer_id": "customer", "invoice_date": "day", "amount": "amount"}


def order_log(rows):
    return HEADER + "".join(f"{c},{day},{amount}\n" for c, day, amount in rows)


def day(number):
    return (dt.date(2022, 1, 1) + dt.timedelta(days=number)).isoformat()


LOGS = {
    "nobody repeats": [(f"c{i}", day(i * 5), 20 + i % 7) for i in range(120)],
    "everyone every day": [
        (f"c{i}", day(d), 10) for i in range(35) for d in range(0, 300)
    ],
    "one customer": [("c1", day(40 * i), 12.5) for i in range(12)],
    "one order": [("c1", day(1), 12.5)],
    "zero amounts": [
        (f"c{i}", day(i + 50 * j), 0 if i % 3 else 1)
        for i in range(60)
        for j in range(4)
    ],
    "refunds above sales": [
        row
        for i in range(60)
        for row in ((f"c{i}", day(i), 10), (f"c{i}", day(i + 40), -500))
    ],
    "one whale": [
        (f"c{i}", day((i * 37 + 60 * j) % 700), 1e9 if i == 0 else 5)
        for i in range(60)
        for j in range(1 + i % 5)
    ],
}


@pytest.mark.parametrize("name", LOGS)
def test_degenerate_logs_say_what_they_allow(build, tmp_path, name):
    path = tmp_path / "orders.csv"
    path.write_text(order_log(LOGS[name]))
    built = build(path, *BUILD, transaction_columns=COLUMNS)
    assert built.success, built.message
    amounts = ", ".join(
        f"predicted_amount_{days}d{end}"
        for days in (90, 180, 365)
        for end in ("", "_low", "_high")
    )
    rows = built.rows(
        f"select historic_amount, {amounts}, residual_value, probability_alive, "
        "expected_orders_365d, expected_order_value "
        "from marts.customer_lifetime_value"
    )
    assert len(rows) == len(built.rows("from marts.customer_rfm"))
    for row in rows:
        assert row[0] is not None
        # One day tells nothing of ninety.
        assert (None in (row[1], row[4], row[7])) is (name == "one order")
        assert all(value is None or 0 <= float(value) < 1e13 for value in row)
    checks = dict(
        built.rows("select check_name, status from evidence.lifetime_value_fitness")
    )
    assert len(checks) == 24
    chosen = built.rows(
        "select horizon_days, status, reason from evidence.chosen_lifetime_value_models"
    )
    assert len(chosen) == 3 and all(reason for *_, reason in chosen)
    if name in ("nobody repeats", "one customer", "one order"):
        assert checks["repeat_customers"] == "poor"
        assert checks["convergence_orders"] in ("poor", "unknown")
        assert all(row[11] is None for row in rows)
