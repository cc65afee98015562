"""Predictions of built data: measured as scikit-learn measures, leak-free, served."""

import collections
import re
import shutil

import conftest
import duckdb
import numpy as np
import pytest
from conftest import ROOT, run_dbt
from sklearn import metrics

from customer_analytics.sample import make_sample

BUILD = ("build",)
# And the tests of what is built alone.
CAUTIOUS = ("--indirect-selection", "cautious")
PREDICTIONS = (*BUILD, *CAUTIOUS, "--select", "+tag:predictions")
# A few quick models, where a test is not about how good they are.
FEW = {
    "prediction_models": ["logistic_regression", "decision_tree", "xgboost"],
    "prediction_cutoff_count": 3,
    "prediction_comparison_cutoffs": 1,
    "prediction_rows_per_customer": 0.5,
    "prediction_importance_customers": 50,
}
KEY = "target, model, variant, cutoff_date"


@pytest.fixture(scope="module")
def judged(sample_build):
    """Return probabilities and outcomes of every model, variant and cut-off."""
    found = collections.defaultdict(lambda: ([], []))
    for *key, probability, is_positive in sample_build.rows(
        f"select {KEY}, probability, is_positive "
        "from intermediate.int_classifier_predictions "
        "where hash(target, model, variant, cutoff_date) % 6 = 0 "
        "order by customer_id"
    ):
        found[tuple(key)][0].append(probability)
        found[tuple(key)][1].append(is_positive)
    return {key: (np.array(p), np.array(y)) for key, (p, y) in found.items()}


def top_decile_lift(outcomes, chances):
    """Return the lift of the highest tenth, those on its edge counted in part."""
    count = -(-len(chances) // 10)
    edge = np.sort(chances)[-count]
    above, at = chances > edge, chances == edge
    hits = outcomes[above].sum() + (count - above.sum()) * outcomes[at].mean()
    return hits / count / outcomes.mean()


def calibration_error(outcomes, chances):
    bins = np.minimum((chances * 10).astype(int), 9)
    return sum(
        abs(outcomes[bins == b].mean() - chances[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    )


@pytest.mark.parametrize(
    ("column", "score"),
    [
        ("roc_auc", metrics.roc_auc_score),
        ("average_precision", metrics.average_precision_score),
        ("brier", metrics.brier_score_loss),
        ("log_loss", lambda y, p: metrics.log_loss(y, np.clip(p, 1e-6, 1 - 1e-6))),
        ("calibration_error", calibration_error),
        ("lift_top_decile", top_decile_lift),
    ],
)
def test_measures_are_those_of_scikit_learn(sample_build, judged, column, score):
    found = {
        tuple(key): value
        for *key, value in sample_build.rows(
            f"select {KEY}, {column} from evidence.classifier_metrics "
            "where cutoff_date is not null"
        )
    }
    assert len(judged) > 100
    for key, (chances, outcomes) in judged.items():
        assert found[key] == pytest.approx(score(outcomes, chances), abs=1e-6), key


def test_calibration_is_told_by_date(sample_build):
    """Mean and worst of the dates, and what chance does to true probabilities."""
    judged = collections.defaultdict(lambda: ([], []))
    for *key, probability, is_positive in sample_build.rows(
        f"select {KEY}, probability, is_positive "
        "from intermediate.int_classifier_predictions "
        "where target in ('purchase_90d', 'churn_90d') and model in ('blend', 'bg_nbd')"
    ):
        judged[tuple(key)][0].append(probability)
        judged[tuple(key)][1].append(is_positive)
    errors = {}
    for (*model, _), rows in judged.items():
        chances, outcomes = (np.array(values) for values in rows)
        # Outcomes drawn from the mean probability of each bin, again and again.
        bins = np.minimum((chances * 10).astype(int), 9)
        errors.setdefault(tuple(model), []).append(
            (calibration_error(outcomes, chances), chances, bins)
        )
    rows = sample_build.rows(
        "select target, model, variant, mean_calibration_error, "
        "worst_calibration_error, calibration_noise, calibration_error "
        "from evidence.classifier_metrics where cutoff_date is null "
        "and target in ('purchase_90d', 'churn_90d') and model in ('blend', 'bg_nbd')"
    )
    draws = np.random.default_rng(1)
    assert len(rows) == len(errors) >= 4
    for *model, mean, worst, noise, pooled in rows:
        found = errors[tuple(model)]
        dates = [error for error, *_ in found]
        assert mean == pytest.approx(np.mean(dates), abs=1e-6)
        assert worst == pytest.approx(max(dates), abs=1e-6)
        assert pooled <= worst + 1e-6
        drawn = []
        for _, chances, bins in found:
            sums = np.bincount(bins, chances, minlength=10)
            counts = np.bincount(bins, minlength=10)
            means = np.divide(sums, counts, where=counts > 0, out=np.zeros(10))
            hits = draws.binomial(counts, means, size=(500, 10))
            drawn.append(np.abs(hits - sums).sum(axis=1).mean() / len(chances))
        assert noise == pytest.approx(np.mean(drawn), rel=0.1)


def test_classifications_are_those_of_scikit_learn(sample_build, judged):
    rows = sample_build.rows(
        f"select {KEY}, threshold, accuracy, precision, recall, f1 "
        "from evidence.classifier_metrics where cutoff_date is not null"
    )
    found = {tuple(row[:4]): row[4:] for row in rows}
    for key, (chances, outcomes) in judged.items():
        threshold, accuracy, precision, recall, f1 = found[key]
        classified = chances >= threshold
        options = {"zero_division": np.nan}
        assert accuracy == pytest.approx((classified == outcomes).mean())
        expected = metrics.precision_score(outcomes, classified, **options)
        assert (precision is None) == np.isnan(expected)
        assert np.isnan(expected) or precision == pytest.approx(expected)
        assert recall == pytest.approx(metrics.recall_score(outcomes, classified))
        assert f1 == pytest.approx(
            metrics.f1_score(outcomes, classified, zero_division=0)
        )


def placements(outcomes, chances):
    """Return DeLong's placements, pair by pair as they are defined."""
    above = chances[outcomes][:, None] - chances[~outcomes][None]
    wins = (above > 0) + 0.5 * (above == 0)
    return wins.mean(axis=1), wins.mean(axis=0)


def test_intervals_of_the_auc_are_delongs(sample_build, judged):
    rows = sample_build.rows(
        f"select {KEY}, roc_auc, roc_auc_low, roc_auc_high "
        "from evidence.classifier_metrics where cutoff_date is not null"
    )
    found = {tuple(row[:4]): row[4:] for row in rows}
    for key in list(judged)[::5]:
        positives, negatives = placements(judged[key][1], judged[key][0])
        deviation = np.sqrt(
            positives.var(ddof=1) / len(positives)
            + negatives.var(ddof=1) / len(negatives)
        )
        auc, low, high = found[key]
        assert low == pytest.approx(max(auc - 1.959964 * deviation, 0), abs=1e-6)
        assert high == pytest.approx(min(auc + 1.959964 * deviation, 1), abs=1e-6)


def test_gaps_to_the_best_baseline_are_paired(sample_build):
    (row,) = sample_build.rows(
        "select model, variant, cutoff_date::varchar, baseline_model, auc_gap, "
        "auc_gap_low from evidence.classifier_metrics "
        "where target = 'purchase_90d' and model = 'xgboost' and variant = 'level' "
        "and cutoff_date is not null order by cutoff_date desc limit 1"
    )
    model, variant, date, baseline, gap, low = row
    rows = sample_build.rows(
        "select any_value(is_positive), "
        f"max(probability) filter (where model = '{model}' and variant = '{variant}'), "
        f"max(probability) filter (where model = '{baseline}') "
        "from intermediate.int_classifier_predictions "
        f"where target = 'purchase_90d' and cutoff_date = '{date}' group by customer_id"
    )
    outcomes, ours, theirs = (np.array(column) for column in zip(*rows, strict=True))
    first, second = placements(outcomes, ours), placements(outcomes, theirs)
    variance = sum(
        (a - b).var(ddof=1) / len(a) for a, b in zip(first, second, strict=True)
    )
    assert gap == pytest.approx(first[0].mean() - second[0].mean(), abs=1e-6)
    assert low == pytest.approx(gap - 1.959964 * np.sqrt(variance), abs=1e-6)


def test_curves_are_points_of_scikit_learns(sample_build, judged):
    key = next(k for k in judged if k[1] == "xgboost")
    chances, outcomes = judged[key]
    points = sample_build.rows(
        "select threshold, false_positive_rate, true_positive_rate, precision "
        "from evidence.classifier_curves where (target, model, variant) = "
        f"{key[:3]!r} and cutoff_date = '{key[3]}' order by threshold"
    )
    assert len(points) > 20
    for threshold, false_rate, true_rate, precision in points:
        taken = chances >= threshold - 1e-12
        assert false_rate == pytest.approx(taken[~outcomes].mean())
        assert true_rate == pytest.approx(taken[outcomes].mean())
        assert precision == pytest.approx(outcomes[taken].mean())


# What was planted


def test_planted_churners_are_found_better_than_by_every_baseline(sample_build):
    rows = sample_build.rows(
        "select m.target, m.roc_auc, m.brier, m.auc_gap_low, b.auc, b.brier "
        "from evidence.classifier_metrics as m "
        "inner join evidence.chosen_models as c using (target, model, variant) "
        "inner join (select target, max(roc_auc) as auc, min(brier) as brier "
        "from evidence.classifier_metrics where is_baseline and cutoff_date is null "
        "group by target) as b using (target) where m.cutoff_date is null"
    )
    found = {target: values for target, *values in rows}
    for target in ("churn_90d", "churn_180d", "purchase_90d"):
        auc, brier, gap_low, baseline_auc, baseline_brier = found[target]
        assert auc > baseline_auc
        assert brier < baseline_brier
        # The sample's customers order as BG/NBD supposes, so that of purchases nothing
        # tells much more.
        assert gap_low > 0 or target == "purchase_90d"

    truth = make_sample().customer_truth
    groups = dict(zip(map(str, truth["customer_id"]), truth["group"], strict=True))
    means = collections.defaultdict(list)
    for customer, probability in sample_build.rows(
        "select customer_id, probability from marts.customer_predictions "
        "where target = 'churn_90d'"
    ):
        means[groups[customer]].append(probability)
    # Drop out after 1.5 %, 9 % and 100 % of their orders.
    loyal, lapsing, gone = (
        np.mean(means[name]) for name in ("loyal", "lapsing_regular", "one_time")
    )
    assert loyal + 0.1 < lapsing < gone


def test_planted_events_tell_more_than_orders_at_every_date(sample_build):
    rows = sample_build.rows(
        "select target, cutoff_date, auc_gain_low, auc_gain_high - auc_gain_low "
        "from evidence.event_gains where model = 'soft_vote'"
    )
    assert len(rows) == 6 * 7
    lows = [low for *_, low, _ in rows]
    # Of spending, visits before orders say least.
    assert min(lows) > 0
    planted = [low for target, _, low, _ in rows if target == "purchase_30d"]
    assert min(planted) > 0.02
    # All dates together are told more surely than the surest one.
    for target in {row[0] for row in rows}:
        widths = {date: width for name, date, _, width in rows if name == target}
        assert widths.pop(None) < min(widths.values())


def test_events_are_judged_on_the_same_customers(sample_build, judged):
    ((auc, without, n),) = sample_build.rows(
        "select roc_auc, roc_auc_without_events, n from evidence.event_gains "
        "where target = 'churn_90d' and model = 'xgboost' and cutoff_date = "
        "(select max(cutoff_date) from evidence.event_gains "
        "where target = 'churn_90d')"
    )
    for variant, told in (("plain", auc), ("without_events", without)):
        outcomes, chances = zip(
            *sample_build.rows(
                "select is_positive, probability "
                "from intermediate.int_classifier_predictions "
                f"where target = 'churn_90d' and model = 'xgboost' "
                f"and variant = '{variant}' qualify cutoff_date = max(cutoff_date) "
                "over ()"
            ),
            strict=True,
        )
        assert len(outcomes) == n
        assert told == pytest.approx(metrics.roc_auc_score(outcomes, chances), abs=1e-9)


def test_importances_name_the_events_that_were_planted(sample_build):
    """Visits come before orders, bad reviews before leaving."""
    rows = sample_build.rows(
        "select target, split_part(feature, '.', 2), sum(importance) "
        "from evidence.feature_importance where area = 'predictions' "
        "and method = 'permutation' and model = 'xgboost' and feature like 'event.%' "
        "and target in ('purchase_30d', 'churn_90d') group by all"
    )
    told = {(target, kind): importance for target, kind, importance in rows}
    assert told["purchase_30d", "site_visit"] > 0.02
    assert (
        told["purchase_30d", "site_visit"] > 2 * told["purchase_30d", "e_mail_opened"]
    )
    assert told["churn_90d", "review"] > 0


def test_reasons_are_those_that_were_planted(sample_build):
    reasons = collections.Counter()
    for feature, contribution, own, typical, gap in sample_build.rows(
        "select feature, contribution, own_value, typical_value, "
        "median_days_between_orders "
        "from intermediate.int_prediction_reasons as reasons "
        "inner join intermediate.int_customer_snapshots as snapshots "
        "using (customer_id) where target = 'purchase_90d' and reason_rank = 1 "
        "and snapshots.snapshot_date = "
        "(select as_of_date from intermediate.int_as_of_date)"
    ):
        # More orders than is typical speak for another one, a wait longer than the own
        # gap against it.
        if feature == "order_count":
            reasons["right"] += (contribution > 0) == (own > typical)
            reasons["orders"] += 1
        if feature == "recency_days" and gap is not None:
            reasons["right"] += (contribution < 0) == (own > gap)
            reasons["orders"] += 1
    assert reasons["orders"] > 200
    assert reasons["right"] / reasons["orders"] > 0.85


def test_reasons_are_sentences(sample_build):
    (counts,) = sample_build.rows(
        "select count(*), count(reason_3), "
        "count_if(regexp_full_match(reason_1, '(Higher|Lower) because of (.+: .+, "
        "(usually|typically) .+|no (second )?order for .+)')) "
        "from marts.customer_predictions where model_name not in "
        "('base_rate', 'recency', 'rfm_sum', 'bg_nbd')"
    )
    assert counts[0] > 3000
    # Two that say the same are one, so that a few have no third.
    assert counts[1] > 0.99 * counts[0]
    assert counts[2] == counts[0]


def test_a_reason_is_what_the_customer_did(sample_build):
    rows = sample_build.rows(
        "select reasons.feature, reason, own_value, snapshots.recency_days, "
        "snapshots.median_days_between_orders, snapshots.order_count, "
        "snapshots.tenure_days "
        "from intermediate.int_prediction_reasons as reasons "
        "inner join intermediate.int_customer_snapshots as snapshots "
        "using (customer_id) where snapshots.snapshot_date = "
        "(select as_of_date from intermediate.int_as_of_date)"
    )
    waits = counts = 0
    for feature, reason, own, recency, gap, orders, tenure in rows:
        assert "chance of" not in reason
        if " order for " in reason:
            waits += 1
            assert f"order for {recency} day" in reason
            assert (orders == 1) == ("no second order" in reason)
            if orders > 1:
                # Half of an even number is left to either side.
                told = int(re.search(r"usually every (\d+) day", reason).group(1))
                assert abs(told - max(gap, 1)) <= 0.5
        period = re.fullmatch(r"order_count_(\d+)d", feature)
        if period and tenure >= 1.5 * int(period.group(1)):
            counts += 1
            usual = float(reason.rsplit("usually ", 1)[1])
            assert usual == pytest.approx(
                int(period.group(1)) * orders / tenure, abs=0.051
            )
            assert f"{period.group(1)} days: {own:.0f}, usually" in reason
    assert waits > 2000
    assert counts > 50


def test_first_orders_tell_who_comes_back(sample_build):
    ((auc,),) = sample_build.rows(
        "select roc_auc from evidence.classifier_metrics where cutoff_date is null "
        "and target = 'first_order_repeat_90d' and model = 'xgboost'"
    )
    assert auc > 0.7
    assert sample_build.rows(
        "select count(*) from (select customer_id from "
        "marts.first_order_predictions where target = 'first_order_repeat_90d' "
        "except select customer_id from intermediate.int_customer_snapshots "
        "where order_count = 1 and snapshot_date = "
        "(select as_of_date from intermediate.int_as_of_date))"
    ) == [(0,)]


def test_targets_without_enough_data_say_what_they_need(sample_build):
    ((reason, served),) = sample_build.rows(
        "select any_value(reason), (select count(*) from marts.customer_predictions "
        "where target = 'high_spender_365d') from evidence.chosen_models "
        "where target = 'high_spender_365d' and status = 'not served'"
    )
    assert "needs 3 cut-offs" in reason
    assert "has 0 (730 days)" in reason
    assert served == 0


# Leaks and bad rows


@pytest.fixture(scope="module")
def few(shared_build):
    build = shared_build(*PREDICTIONS, **FEW)
    assert build.success, build.message
    return build


def project_with(folder, seed, text):
    """Return a copy of the project with another seed."""
    for entry in ROOT.iterdir():
        if entry.name not in {"seeds", "target", "warehouse", "logs", ".git"}:
            (folder / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "seeds" / seed).write_text(text)
    return folder


def test_a_planted_leak_is_told_and_does_not_serve(few):
    """A feature that holds the outcome: what learned from it is suspicious."""
    with duckdb.connect(str(few.warehouse / "build.duckdb")) as connection:
        connection.execute(
            "update intermediate.int_prediction_inputs as inputs "
            "set return_rate = labels.is_positive::int "
            "from intermediate.int_prediction_labels as labels "
            "where labels.feature_row = inputs.feature_row "
            "and labels.target = 'purchase_90d' and labels.is_observed"
        )
    caught = run_dbt(
        few.warehouse,
        FEW,
        *("build", *CAUTIOUS),
        *("--select", "ml_classifier_predictions+,tag:predictions"),
    )
    assert caught.success, caught.message
    suspicious = caught.rows(
        "select model, is_suspicious from evidence.classifier_metrics "
        "where target = 'purchase_90d' and variant = 'plain' and cutoff_date is null "
        "and model in ('xgboost', 'recency') order by model"
    )
    assert suspicious == [("recency", False), ("xgboost", True)]
    assert caught.rows(
        "select count(*) from evidence.chosen_models inner join "
        "evidence.classifier_metrics using (target, model, variant) "
        "where cutoff_date is null and is_suspicious and not is_baseline"
    ) == [(0,)]
    aucs = dict(
        caught.rows(
            "select model, max(roc_auc) from evidence.classifier_metrics "
            "where target = 'purchase_90d' and variant = 'plain' group by model"
        )
    )
    assert aucs["xgboost"] > 0.99 > 0.9 > aucs["recency"]


def test_a_window_beyond_the_cutoff_is_caught(few, tmp_path):
    test = ("test", "--select", "assert_no_training_window_passes_its_cutoff")
    path = tmp_path / "build.duckdb"
    shutil.copy(few.warehouse / path.name, path)
    assert run_dbt(tmp_path, FEW, *test).success
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update intermediate.int_training_windows "
            "set snapshot_date = snapshot_date + interval 1 month "
            "where target = 'purchase_30d' and snapshot_date = "
            "(select max(snapshot_date) from intermediate.int_training_windows "
            "where target = 'purchase_30d')"
        )
    assert not run_dbt(tmp_path, FEW, *test).success


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("x,d,customer,binary,45,everyone,order", "horizon_days must be one of"),
        ("x,d,customer,binary,90,sleepy,order", "eligibility must be"),
        ("x,d,customer,binary,90,everyone,amount", "positive_when must be"),
        ("x,d,first_order,amount,90,everyone,order", "kind and positive_when"),
        ("x,d,martians,binary,90,everyone,order", "population must be"),
    ],
)
def test_a_bad_target_stops_the_build(few, tmp_path, monkeypatch, row, problem):
    header = "target,description,population,kind,horizon_days,eligibility,positive_when"
    text = f"{header}\n{row}\n"
    project = project_with(tmp_path, "prediction_targets.csv", text)
    monkeypatch.setattr(conftest, "ROOT", project)
    stopped = conftest.run_dbt(
        few.warehouse,
        FEW,
        *("build", "--select", "prediction_targets", "int_prediction_eligibility"),
    )
    assert not stopped.success
    assert f"prediction_targets.csv: x: {problem}" in stopped.message
