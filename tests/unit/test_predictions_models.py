import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from customer_analytics.predictions.calibration import calibrator
from customer_analytics.predictions.models import (
    KINDS,
    SMOTED,
    Vote,
    as_json,
    fit,
    preparation,
)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(600, 4))
    outcomes = rng.random(600) < 1 / (1 + np.exp(1.5 - 2 * inputs[:, 0]))
    return inputs, outcomes


VARIANTS = [
    (name, variant)
    for name, kind in KINDS.items()
    for variant in ("plain", *kind.balancing)
]


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_every_model_learns_what_there_is(rows, name, variant):
    inputs, outcomes = rows
    holes = inputs.copy()
    holes[::5, 2] = np.nan
    fitted = fit(name, holes, outcomes, KINDS[name].grid[0], variant=variant, seed=1)
    scored = fitted.score(inputs)
    assert ((scored >= 0) & (scored <= 1)).all()
    # The signal itself has .87.
    assert roc_auc_score(outcomes, scored) > 0.8
    again = fit(name, holes, outcomes, KINDS[name].grid[0], variant=variant, seed=1)
    assert again.score(inputs).tolist() == scored.tolist()


def test_logistic_regression_is_scikit_learns(rows):
    inputs, outcomes = rows
    expected = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, tol=1e-10))
    expected.fit(inputs, outcomes)
    found = fit("logistic_regression", inputs, outcomes, {"C": 0.1}, seed=1)
    assert found.score(inputs) == pytest.approx(
        expected.predict_proba(inputs)[:, 1], abs=1e-6
    )


@pytest.mark.parametrize("variant", ["class_weight", "smote"])
@pytest.mark.parametrize("name", ["logistic_regression", "xgboost"])
def test_balancing_raises_the_rare_class(rows, name, variant):
    inputs, outcomes = rows
    plain = fit(name, inputs, outcomes, KINDS[name].grid[0], seed=1)
    balanced = fit(name, inputs, outcomes, KINDS[name].grid[0], variant=variant, seed=1)
    assert outcomes.mean() < 0.4
    assert balanced.score(inputs).mean() > plain.score(inputs).mean() + 0.05


def test_shared_preparation_changes_nothing(rows):
    inputs, outcomes = rows
    parameters = KINDS["decision_tree"].grid[0]
    own = fit("decision_tree", inputs, outcomes, parameters, seed=1)
    shared = fit(
        "decision_tree",
        inputs,
        outcomes,
        parameters,
        seed=1,
        steps=preparation(inputs),
    )
    assert own.score(inputs).tolist() == shared.score(inputs).tolist()


def test_outcomes_all_alike_are_refused(rows):
    with pytest.raises(ValueError, match="outcomes are all True"):
        fit("xgboost", rows[0], np.ones(600, bool), {}, seed=1)


def test_one_positive_and_an_unknown_feature_are_enough():
    inputs = np.column_stack([np.arange(30.0), np.full(30, np.nan)])
    outcomes = np.arange(30) == 29
    for name, kind in KINDS.items():
        for variant in ("plain", SMOTED):
            one = fit(name, inputs, outcomes, kind.grid[0], variant=variant, seed=1)
            assert np.isfinite(one.score(inputs)).all()
            assert one.score(inputs[:0]).shape == (0,)


def test_a_vote_is_the_mean(rows):
    inputs, outcomes = rows
    members = [
        fit(name, inputs, outcomes, KINDS[name].grid[0], seed=1)
        for name in ("decision_tree", "logistic_regression")
    ]
    first, second = (member.score(inputs) for member in members)
    assert Vote(members).score(inputs) == pytest.approx((first + second) / 2)


def test_parameters_are_written_in_one_order():
    assert as_json({"b": 1, "a": 2}) == as_json({"a": 2, "b": 1}) == '{"a": 2, "b": 1}'


# Calibration


def test_sigmoid_undoes_a_shift_of_log_odds():
    rng = np.random.default_rng(3)
    true = rng.random(20_000)
    outcomes = rng.random(20_000) < true
    too_high = 1 / (1 + (1 - true) / true / np.e)
    found = calibrator("sigmoid", too_high, outcomes)(too_high)
    assert found == pytest.approx(true, abs=0.03)


def test_isotonic_keeps_the_order_and_finds_the_rate():
    given = np.repeat([0.1, 0.6, 0.9], 100)
    outcomes = np.concatenate([np.arange(100) < n for n in (20, 30, 30)])
    found = calibrator("isotonic", given, outcomes)(np.array([0.1, 0.6, 0.9]))
    assert found == pytest.approx([0.9 * 0.2 + 0.01, 0.9 * 0.3 + 0.06, 0.27 + 0.09])
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
@pytest.mark.parametrize("outcomes", [[], [True, True]])
def test_nothing_to_learn_changes_nothing(method, outcomes):
    given = np.array([0.2, 0.7])
    known = np.full(len(outcomes), 0.5)
    assert calibrator(method, known, np.array(outcomes, bool))(given) is given


def test_unknown_calibration_is_refused():
    with pytest.raises(ValueError, match="'magic'"):
        calibrator("magic", np.zeros(0), np.zeros(0, bool))
