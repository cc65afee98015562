import duckdb
import numpy as np
import pytest
from prediction_rows import HORIZON, START, STEP, shop
from sklearn.metrics import roc_auc_score

from customer_analytics.predictions.backtest import (
    Prediction,
    back_test,
    calibrated,
    tune,
)
from customer_analytics.predictions.importance import shuffled_predictions
from customer_analytics.predictions.training import (
    event_names,
    input_matrix,
    read_inputs,
    tasks,
)

DRAW = {"most_rows": 400, "rows_per_customer": 10, "half_life_days": 60}
SETTINGS = DRAW | {
    "models": ["logistic_regression", "decision_tree", "xgboost", "nearest_neighbours"],
    "comparison_cutoffs": 1,
    "tuning_rows": 300,
    "threads": 2,
    "seed": 5,
}


@pytest.fixture(scope="module")
def result():
    return back_test(*shop(), **SETTINGS)


def scores(labels, runs, predictions, number):
    """Return outcomes and probabilities of a run."""
    own = predictions["run_number"] == number
    day = np.datetime64(runs["cutoff_date"][number])
    rows = (labels["snapshot_date"] == day) & np.isin(
        labels["customer_number"], predictions["customer_number"][own]
    )
    return labels["is_positive"][rows].astype(bool), predictions["probability"][own]


# Tasks


def all_tasks(**changes):
    inputs, labels, windows = shop()
    return list(tasks(inputs, labels, windows, seed=5, **DRAW | changes)), labels


def test_nothing_is_trained_on_that_was_not_over():
    found, _ = all_tasks()
    assert len(found) == 5
    for task in found:
        assert (task.days + HORIZON <= task.day).all()
        assert len(task.judged_inputs) == 120


def test_rows_are_bounded_and_newer_ones_preferred():
    found, _ = all_tasks(most_rows=200)
    assert {len(task.inputs) for task in found} == {200}
    days, counts = np.unique(found[-1].days, return_counts=True)
    assert days[-1] == START + 6 * STEP
    # Half as many for each 60 days: 2^2.5 between the first and the last but one.
    assert counts[-2] > 2 * counts[0]


def test_serving_gets_more_rows():
    found, _ = all_tasks(most_rows=200, serving_factor=2)
    assert [len(task.inputs) for task in found if task.is_serving] == [400]


def test_rows_are_bounded_by_customers_but_not_below_a_thousand():
    few, _ = all_tasks(most_rows=10_000, rows_per_customer=0.1)
    assert {len(task.inputs) for task in few} == {360, 480, 600, 720, 840}


# Back-test


def test_every_cutoff_but_the_serving_one_is_predicted(result):
    runs, predictions = result
    dates = [str(np.datetime64(int(START + STEP * n), "D")) for n in range(3, 7)]
    assert sorted(set(runs["cutoff_date"])) == dates
    keys = list(zip(runs["model"], runs["variant"], runs["cutoff_date"], strict=True))
    assert len(keys) == len(set(keys))
    last = {(model, variant) for model, variant, date in keys if date == dates[-1]}
    first = {(model, variant) for model, variant, date in keys if date == dates[0]}
    # What does not contend is compared at the latest cut-off alone.
    assert last - first == {
        ("nearest_neighbours", "plain"),
        *(
            (model, variant)
            for model in ("logistic_regression", "xgboost")
            for variant in ("class_weight", "smote")
        ),
    }
    assert {variant for model, variant in first if model == "soft_vote"} == {
        "plain",
        "level",
        "sigmoid",
        "isotonic",
    }
    counts = np.bincount(predictions["run_number"])
    assert set(counts.tolist()) == {120}


def test_a_tree_does_not_vote_beside_a_forest():
    (first, *_), _ = all_tasks(most_rows=200)
    models = ["decision_tree", "random_forest", "xgboost"]
    rows = first.inputs, first.outcomes, first.groups
    tuned = tune(*rows, models, 200, 1)
    assert sorted(tuned.voters) == ["random_forest", "xgboost"]
    alone = tune(*rows, ["decision_tree", "xgboost"], 200, 1)
    assert sorted(alone.voters) == ["decision_tree", "xgboost"]


def test_what_is_predicted_is_what_comes(result):
    _, labels, _ = shop()
    runs, predictions = result
    aucs = [
        roc_auc_score(*scores(labels, runs, predictions, number))
        for number in runs["run_number"]
        if runs["model"][number] == "logistic_regression"
    ]
    # The signal itself has about .87; nothing more can be known.
    assert 0.8 < np.mean(aucs) < 0.93


def test_a_leaking_feature_gives_an_auc_near_one():
    inputs, labels, windows = shop(leak=True)
    runs, predictions = back_test(inputs, labels, windows, **SETTINGS)
    for number in runs["run_number"]:
        assert roc_auc_score(*scores(labels, runs, predictions, number)) > 0.99


def test_the_number_of_threads_changes_nothing(result):
    again = back_test(*shop(), **SETTINGS | {"threads": 1})
    for first, second in zip(result, again, strict=True):
        for name in first:
            assert first[name].tolist() == second[name].tolist()


def test_outcomes_of_the_judged_cutoff_change_nothing_there(result):
    inputs, labels, windows = shop()
    changed = labels | {"is_positive": labels["is_positive"].copy()}
    last = labels["snapshot_date"] == np.datetime64(int(START + 6 * STEP), "D")
    changed["is_positive"][last] = ~labels["is_positive"][last]
    _, predictions = back_test(inputs, changed, windows, **SETTINGS)
    assert predictions["probability"].tolist() == result[1]["probability"].tolist()


def test_nothing_to_do_gives_empty_columns():
    inputs, labels, windows = shop(snapshots=2)
    nothing = [
        {name: values[:0] for name, values in columns.items()}
        for columns in (inputs, labels, windows)
    ]
    for columns in back_test(*nothing, **SETTINGS):
        assert {len(values) for values in columns.values()} == {0}


def test_unknown_models_are_refused():
    with pytest.raises(ValueError, match="crystal_ball"):
        back_test(*shop(), **SETTINGS | {"models": ["crystal_ball"]})


def test_calibration_uses_only_what_was_over():
    found, _ = all_tasks()
    one = Prediction("xgboost", "level", "{}", np.full(120, 0.3))
    early, late = found[0], found[1]
    # One step is the horizon: over by the next cut-off, but not by its own.
    same = calibrated(early, [one], [(early, [one])])
    assert [p.probabilities.tolist() for p in same] == [[0.3] * 120] * 2
    rising = Prediction("xgboost", "level", "{}", np.linspace(0.01, 0.99, 120))
    order = np.argsort(early.judged_outcomes, kind="stable")
    known = np.empty(120)
    known[order] = rising.probabilities
    sure = calibrated(
        late, [rising], [(early, [Prediction("xgboost", "level", "{}", known)])]
    )
    assert sure[0].probabilities[0] < 0.001
    assert sure[0].probabilities[-1] > 0.999


# Importance


def test_shuffling_tells_signal_from_noise():
    inputs, labels, windows = shop()
    parameters = {("buys", "logistic_regression"): {"C": 0.1}}
    found = shuffled_predictions(
        inputs,
        labels,
        windows,
        parameters,
        most_judged=100,
        repeats=2,
        threads=1,
        task_settings=DRAW,
        seed=5,
    )
    day = np.datetime64(int(START + 6 * STEP), "D")
    own = {
        feature: share
        for feature, share in zip(
            found["feature"], found["own_importance"], strict=True
        )
        if not np.isnan(share)
    }
    assert own["signal"] > 0.8
    assert sum(own.values()) == pytest.approx(1)

    aucs = {}
    for feature in (None, "signal", "noise"):
        rows = np.array([f == feature for f in found["feature"]])
        rows &= ~np.isnan(found["probability"])
        rows &= found["repeat"] == (0 if feature is None else 1)
        assert rows.sum() == 100
        known = (labels["snapshot_date"] == day) & np.isin(
            labels["customer_number"], found["customer_number"][rows]
        )
        aucs[feature] = roc_auc_score(
            labels["is_positive"][known].astype(bool), found["probability"][rows]
        )
    assert aucs["signal"] < aucs[None] - 0.2
    assert aucs["noise"] == pytest.approx(aucs[None], abs=0.05)


# Events


def test_event_features_are_the_last_columns_in_their_order():
    rows = duckdb.sql(
        "select * from (values (2, 0.5, [3.0, 'nan'::double]), (1, 0.25, [1.0, 2.0])) "
        "as v(feature_row, recency_days, event_values)"
    )
    features = duckdb.sql(
        "select * from (values ('event.b', 2), ('event.a', 1)) "
        "as v(feature, feature_number)"
    )
    names = event_names(features)
    assert names == ["event.a", "event.b"]
    numbers, matrix, found = input_matrix(read_inputs(rows, names))
    assert numbers.tolist() == [1, 2]
    assert found == ["recency_days", "event.a", "event.b"]
    np.testing.assert_equal(matrix, [[0.25, 1, 2], [0.5, 3, np.nan]])


def test_without_events_there_is_no_such_column():
    rows = duckdb.sql("select 1 as feature_row, 2.0 as a, []::double[] as event_values")
    assert list(read_inputs(rows, [])) == ["feature_row", "a"]
    none = read_inputs(rows.filter("feature_row > 1"), ["event.a"])
    assert none["event.a"].shape == (0,)


def test_models_are_judged_without_events_too():
    """Without its last input, a model predicts as one that never had it."""
    inputs, labels, windows = shop()
    settings = SETTINGS | {"models": ["logistic_regression"], "comparison_cutoffs": 0}
    runs, predictions = back_test(
        inputs, labels, windows, **settings | {"event_count": 1}
    )
    fewer = {name: inputs[name] for name in list(inputs) if name != "noise"}
    assert list(inputs)[-1] == "noise"
    plain, expected = back_test(fewer, labels, windows, **settings)

    def of(found, probabilities, variant):
        own = np.flatnonzero(
            (found["model"] == "logistic_regression") & (found["variant"] == variant)
        )
        return probabilities["probability"][np.isin(probabilities["run_number"], own)]

    np.testing.assert_allclose(
        of(runs, predictions, "without_events"), of(plain, expected, "plain"), atol=0.02
    )
    assert set(runs["variant"]) - set(plain["variant"]) == {"without_events"}
