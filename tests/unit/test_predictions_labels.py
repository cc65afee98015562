"""Given outcomes: folds that do not see their own, encoding, leaks, several kinds."""

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score

from customer_analytics.predictions.label_baselines import (
    BASE_RATE,
    best_feature,
    one_feature,
    worth,
)
from customer_analytics.predictions.label_features import ALONE, what_features_tell
from customer_analytics.predictions.label_inputs import (
    AMOUNT,
    BINARY,
    MULTICLASS,
    Known,
    Outcome,
    Settings,
    encoding,
    gathered,
    outcomes,
)
from customer_analytics.predictions.label_serving import ServedLabel, _scored
from customer_analytics.predictions.labels import (
    all_parameters,
    cross_validated,
    fit_fold,
    tuned_at,
)
from customer_analytics.predictions.models import PLAIN

QUICK = Settings(["logistic_regression", "xgboost"], 3, 1, 5, 1_000, 7)


def numeric(values, texts=None):
    """Return what is known where all features are numbers, and perhaps one text."""
    names = [f"x{i}" for i in range(values.shape[1])]
    words = np.full(values.shape, None, dtype=object)
    if texts is not None:
        names.append("text")
        values = np.column_stack([values, np.full(len(values), np.nan)])
        words = np.column_stack([words, texts])
    return Known(names, values, words)


@pytest.fixture(scope="module")
def planted():
    # Two of six features tell; no class is a function of one of them.
    values, classes = make_classification(
        600, 6, n_informative=2, n_redundant=0, class_sep=0.9, random_state=3
    )
    return numeric(values), Outcome(
        "left", BINARY, [""], classes[:, None].astype(float)
    )


def rows_of(parts, **wanted):
    kept = [p for p in parts if all(p[k][0] == v for k, v in wanted.items())]
    return {name: np.concatenate([p[name] for p in kept]) for name in kept[0]}


def test_each_customer_is_held_out_once_a_repeat_and_classes_alike(planted):
    _, outcome = planted
    settings = Settings([], 4, 2, 5, 100, 1)
    splits = list(settings.splits(outcome))
    assert [(repeat, fold) for repeat, fold, _ in splits] == [
        (r, f) for r in (1, 2) for f in (1, 2, 3, 4)
    ]
    for repeat in (1, 2):
        held = np.array([mask for r, _, mask in splits if r == repeat])
        assert (held.sum(axis=0) == 1).all()
        rates = [outcome.values[mask, 0].mean() for mask in held]
        assert max(rates) - min(rates) < 0.01
    assert any((splits[0][2] != splits[4][2]).tolist())


def test_planted_truth_is_found_by_models_that_have_not_seen_it(planted):
    known, outcome = planted
    parts = cross_validated(known, outcome, np.arange(600), QUICK, threads=1)
    found = rows_of(parts, model="xgboost", variant=PLAIN)
    assert sorted(found["label_row"]) == list(range(600))
    actual = outcome.values[found["label_row"], 0]
    assert roc_auc_score(actual, found["predicted"]) > 0.85
    base = rows_of(parts, model=BASE_RATE)
    assert set(base["predicted"]) == {0.5, 0.4975, 0.5025} & set(base["predicted"])
    kinds = {(p["model"][0], p["variant"][0]) for p in parts}
    assert {
        ("soft_vote", PLAIN),
        ("best_feature", PLAIN),
        ("xgboost", "smote"),
    } <= kinds
    assert ("logistic_regression", "class_weight") in kinds


def test_noise_is_not_predicted():
    # A model that had seen the outcomes it is judged by would be above chance here.
    rng = np.random.default_rng(5)
    known = numeric(rng.normal(size=(400, 5)))
    outcome = Outcome("left", BINARY, [""], (rng.random((400, 1)) < 0.5).astype(float))
    parts = cross_validated(known, outcome, np.arange(400), QUICK, threads=1)
    for model in ("logistic_regression", "xgboost", "best_feature"):
        found = rows_of(parts, model=model, variant=PLAIN)
        actual = outcome.values[found["label_row"], 0]
        assert roc_auc_score(actual, found["predicted"]) == pytest.approx(0.5, abs=0.09)


def test_encoding_knows_training_rows_alone():
    texts = np.array(["a", "a", "a", "b", "b", "c", None], dtype=object)
    known = numeric(np.arange(7.0)[:, None], texts)
    learnt = encoding(known.of(np.arange(6)), 2)
    assert learnt.kept == [(0, None), (1, "a"), (1, "b")]
    assert learnt.matrix(known).tolist() == [
        *([i, 1, 0] for i in (0, 1, 2)),
        *([i, 0, 1] for i in (3, 4)),
        *([i, 0, 0] for i in (5, 6)),
    ]
    assert learnt.columns_of(1).tolist() == [1, 2]


def test_rows_are_gathered_by_customer_and_unseen_features_are_unknown():
    rows = {
        "label_row": np.array([2, 5, 2]),
        "feature": np.array(["age", "age", "city"], dtype=object),
        "value_number": np.ma.masked_invalid([40.0, 50.0, np.nan]),
        "value_text": np.ma.masked_array(["", "", "Bonn"], [True, True, False]),
    }
    known = gathered(rows, np.array([2, 4, 5]), ["age", "city", "new"])
    assert known.numbers[:, 0].tolist()[::2] == [40.0, 50.0]
    assert np.isnan(known.numbers[1, 0])
    assert known.texts[:, 1].tolist() == ["Bonn", None, None]
    assert np.isnan(known.numbers[:, 2]).all()


def test_outcomes_have_a_column_per_class():
    rows = {
        "target": np.array(["plan"] * 4, dtype=object),
        "kind": np.array([MULTICLASS] * 4, dtype=object),
        "class_name": np.array(["basic", "basic", "gold", "gold"], dtype=object),
        "label_row": np.array([3, 8, 3, 8]),
        "outcome": np.array([1.0, 0.0, 0.0, 1.0]),
    }
    ((outcome, customers),) = outcomes(rows)
    assert outcome.names == ["plan=basic", "plan=gold"]
    assert outcome.values.tolist() == [[1, 0], [0, 1]]
    assert outcome.strata.tolist() == [1, 2]
    assert customers.tolist() == [3, 8]


def test_a_leak_tells_the_outcome_alone_and_noise_does_not(planted):
    known, outcome = planted
    leak = outcome.values[:, 0] + np.random.default_rng(1).normal(0, 0.2, 600)
    # Unknown of one class alone.
    reason = np.where(outcome.values[:, 0] == 1, 1.0, np.nan)
    numbers = np.column_stack([known.numbers, leak, reason])
    both = Known(
        [*known.features, "leak", "reason"],
        numbers,
        np.full(numbers.shape, None, dtype=object),
    )
    parts = cross_validated(both, outcome, np.arange(600), QUICK, threads=1)
    run = ("target", "model", "repeat", "fold", "parameters")
    plain = [p for p in parts if p["variant"][0] == PLAIN]
    parameters = all_parameters(tuple(p[name][0] for name in run) for p in plain)
    told = what_features_tell(
        both, outcome, np.arange(600), QUICK, parameters, most_judged=100, repeats=1
    )
    alone = {}
    for feature in both.features:
        found = rows_of(told, model=ALONE, feature=feature)
        actual = outcome.values[found["label_row"], 0]
        alone[feature] = roc_auc_score(actual, found["predicted"])
    assert {f for f, auc in alone.items() if auc > 0.95} == {"leak", "reason"}
    shuffled = rows_of(told, model="xgboost", feature="x0")
    assert len(shuffled["predicted"]) == 100


def test_several_classes_make_one_and_numbers_stay_within_what_was_seen(planted):
    known, _ = planted
    score = known.numbers @ np.array([1.0, -1, 0.5, 0, 0, 0])
    at = np.digitize(score, np.quantile(score, [0.3, 0.7]))
    classes = Outcome("plan", MULTICLASS, ["a", "b", "c"], np.eye(3)[at])
    parts = cross_validated(known, classes, np.arange(600), QUICK, threads=1)
    vote = [p for p in parts if p["model"][0] == "soft_vote"]
    by_class = [rows_of(vote, target=f"plan={name}") for name in "abc"]
    assert by_class[0]["label_row"].tolist() == by_class[2]["label_row"].tolist()
    assert sum(one["predicted"] for one in by_class) == pytest.approx(np.ones(600))
    chances = np.column_stack([one["predicted"] for one in by_class])
    own = at[by_class[0]["label_row"]]
    assert (chances.argmax(axis=1) == own).mean() > 0.75

    numbers = Outcome("spend", AMOUNT, [""], score[:, None])
    parts = cross_validated(known, numbers, np.arange(600), QUICK, threads=1)
    found = rows_of(parts, model="ridge_regression")
    assert worth(found["predicted"], score[found["label_row"]], AMOUNT) > 0.95
    assert found["predicted"].min() >= score.min()
    assert not [p for p in parts if p["variant"][0] != PLAIN]


def test_what_serves_is_what_was_judged_and_newcomers_get_a_score(planted):
    known, outcome = planted
    first = (
        known.of(np.arange(500)),
        Outcome("left", BINARY, [""], outcome.values[:500]),
    )
    parts = cross_validated(*first, np.arange(500), QUICK, threads=1)
    run = ("target", "model", "repeat", "fold", "parameters")
    plain = [p for p in parts if p["variant"][0] == PLAIN]
    parameters = all_parameters(tuple(p[name][0] for name in run) for p in plain)
    masks = [held for _, _, held in QUICK.splits(first[1])]
    models, fold_of = [], np.zeros(500, dtype=int)
    for fold, held in enumerate([np.zeros(500, bool), *masks]):
        fold_of[held] = fold
        tuned = tuned_at(parameters, first[1], "soft_vote", 1, fold or 3)
        models.append(fit_fold(*first, held, "soft_vote", PLAIN, tuned, QUICK))
    one = ServedLabel(first[1], known.features, np.arange(500), fold_of, models)
    block = _scored(one, known, np.arange(600))
    judged = rows_of(parts, model="soft_vote")
    order = np.argsort(judged["label_row"])
    assert block["predicted"][:500] == pytest.approx(judged["predicted"][order])
    assert roc_auc_score(outcome.values[500:, 0], block["predicted"][500:]) > 0.8
    assert set(block["n"][500:]) == {500}
    assert set(block["feature_1"]) <= set(known.features)


def test_the_best_feature_is_the_one_that_tells(planted):
    known, outcome = planted
    values = outcome.values[:, 0]
    numbers = np.column_stack([known.numbers, values])
    both = Known(
        [*known.features, "same"], numbers, np.full(numbers.shape, None, object)
    )
    learnt = encoding(both, 5)
    best = best_feature(learnt.matrix(both), values, learnt, BINARY, 1)
    assert best.columns.tolist() == [6]
    # Unknown tells as well: below all that is known.
    gaps = np.where(values == 1, np.nan, 0.5)[:, None]
    tree = one_feature(gaps, values, np.array([0]), BINARY, 1)
    assert tree.score(np.array([[np.nan], [0.5]])).tolist() == [1.0, 0.0]
