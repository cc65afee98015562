import duckdb
import numpy as np
import pytest
from prediction_rows import shop
from sklearn.tree import DecisionTreeClassifier

from customer_analytics.predictions import serving
from customer_analytics.predictions.contributions import contributions, strongest
from customer_analytics.predictions.level import log_odds
from customer_analytics.predictions.models import KINDS, Fitted, Vote, fit
from customer_analytics.predictions.serving import score_everybody, served_models
from customer_analytics.relations import as_relation

DRAW = {"most_rows": 400, "rows_per_customer": 10, "half_life_days": 60}


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(500, 3))
    return inputs, rng.random(500) < 1 / (1 + np.exp(-2 * inputs[:, 1]))


# Contributions


@pytest.mark.parametrize("name", KINDS)
def test_the_feature_that_tells_contributes_most(rows, name):
    inputs, outcomes = rows
    fitted = fit(name, inputs, outcomes, KINDS[name].grid[0], seed=1)
    parts = contributions(fitted, inputs, np.zeros(3))
    assert parts.shape == inputs.shape
    assert np.abs(parts).mean(axis=0).argmax() == 1
    # It raises where it is high, and lowers where it is low.
    assert np.corrcoef(parts[:, 1], inputs[:, 1])[0, 1] > 0.7


def test_linear_contributions_add_up_to_the_log_odds(rows):
    inputs, outcomes = rows
    fitted = fit("logistic_regression", inputs, outcomes, {"C": 1.0}, seed=1)
    parts = contributions(fitted, inputs, np.zeros(3))
    expected = parts.sum(axis=1) + fitted.classifier.intercept_[0]
    assert log_odds(fitted.score(inputs)) == pytest.approx(expected)


def test_paths_of_a_tree_add_up_to_its_probability():
    inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    outcomes = np.array([0, 0, 0, 1])
    tree = DecisionTreeClassifier(random_state=0).fit(inputs, outcomes)
    parts = contributions(Fitted("decision_tree", (), tree), inputs, np.zeros(2))
    # From a quarter of all to 0 or 1; a certain prediction has the least slope, .01.
    assert parts.sum(axis=1) * 0.01 == pytest.approx([-0.25, -0.25, -0.25, 0.75])


def test_a_vote_contributes_the_mean(rows):
    inputs, outcomes = rows
    members = [
        fit(name, inputs, outcomes, KINDS[name].grid[0], seed=1)
        for name in ("logistic_regression", "xgboost")
    ]
    first, second = (contributions(m, inputs, np.zeros(3)) for m in members)
    found = contributions(Vote(members), inputs, np.zeros(3))
    assert found == pytest.approx((first + second) / 2)


def test_strongest_are_by_size_and_ties_by_position():
    parts = np.array([[0.1, -0.5, 0.1], [0.0, 0.2, 0.3]])
    order, values = strongest(parts, np.array(["a", "b", "c"]), 2)
    assert order.tolist() == [[1, 0], [2, 1]]
    assert values.tolist() == [[-0.5, 0.1], [0.3, 0.2]]


def test_features_of_one_topic_are_added_up():
    # By hand: 0.4 + 0.3 of the wait beat 0.6 of the amount; against one another they do
    # not, and the one that leads is the one along whose way the topic goes.
    parts = np.array([[0.4, 0.6, 0.3], [0.4, 0.3, -0.5], [0.0, 0.0, 0.0]])
    order, values = strongest(parts, np.array(["wait", "amount", "wait"]), 2)
    assert order.tolist() == [[0, 1], [1, 2], [0, 1]]
    assert values.tolist() == [[0.7, 0.6], [0.3, -0.1], [0, 0]]


def test_where_there_are_fewer_topics_the_rest_is_none():
    order, values = strongest(np.array([[0.2, 0.1]]), np.array(["a", "a"]), 3)
    assert order.tolist() == [[0, -1, -1]]
    assert values.tolist() == [pytest.approx([0.3, 0, 0])]


# Serving

TOPICS = {"signal": "what counts", "noise": "what does not"}


def serve(model, variant):
    inputs, labels, windows = shop()
    voters = {"voters": ["logistic_regression", "decision_tree"]}
    parameters = {("buys", name): kind.grid[0] for name, kind in KINDS.items()}
    choices = {
        "target": np.array(["buys"], dtype=object),
        "model": np.array([model], dtype=object),
        "variant": np.array([variant], dtype=object),
    }
    rng = np.random.default_rng(2)
    given = rng.uniform(0.02, 0.98, 4000)
    earlier = {
        "target": np.full(4000, "buys", dtype=object),
        "cutoff_date": np.full(4000, "2024-05-01", dtype="datetime64[D]"),
        "probability": given,
        # Flatter than they say: half the log-odds.
        "is_positive": rng.random(4000)
        < given**0.5 / (given**0.5 + (1 - given) ** 0.5),
    }
    served = served_models(
        inputs,
        labels,
        windows,
        choices,
        parameters | {("buys", "soft_vote"): voters},
        earlier,
        task_settings=DRAW,
        seed=5,
    )
    session = duckdb.connect()
    plain = {
        name: np.ma.filled(values.astype(float), np.nan)
        if name in ("signal", "noise")
        else values
        for name, values in inputs.items()
    }
    relation = as_relation(session, "inputs", plain).filter("is_as_of_date")
    due = relation.project("'buys' as target, feature_row").filter(
        "feature_row % 2 = 0"
    )
    found = score_everybody(session, relation, due, served, TOPICS).order("feature_row")
    return found.fetchall(), found.columns


@pytest.mark.parametrize(
    ("model", "variant"),
    [
        ("logistic_regression", "level"),
        ("xgboost", "plain"),
        ("xgboost", "smote"),
        ("soft_vote", "level"),
        ("nearest_neighbours", "level"),
    ],
)
def test_everybody_due_is_scored_with_reasons(model, variant):
    rows, columns = serve(model, variant)
    assert columns[:4] == ["target", "feature_row", "probability", "n"]
    assert [row[1] for row in rows] == list(range(840, 960, 2))
    assert all(0 <= row[2] <= 1 for row in rows)
    inputs, *_ = shop()
    signal = inputs["signal"][[row[1] for row in rows]]
    assert np.corrcoef(signal, [row[2] for row in rows])[0, 1] > 0.8
    assert sum(row[4] == "signal" for row in rows) > 40


def test_calibration_is_applied_last():
    plain, _ = serve("xgboost", "level")
    calibrated, _ = serve("xgboost", "sigmoid")
    before = log_odds(np.array([row[2] for row in plain]))
    after = log_odds(np.array([row[2] for row in calibrated]))
    slope = np.polyfit(before, after, 1)[0]
    assert slope == pytest.approx(0.5, abs=0.05)


def test_blocks_change_nothing(monkeypatch):
    whole, _ = serve("logistic_regression", "level")
    monkeypatch.setattr(serving, "BLOCK_SIZE", 7)
    blocks, _ = serve("logistic_regression", "level")
    assert blocks == whole


def test_nothing_served_is_an_empty_table():
    session = duckdb.connect()
    inputs, *_ = shop()
    empty = {n: np.asarray(v)[:0].astype(float) for n, v in inputs.items()}
    relation = as_relation(session, "inputs", empty)
    due = relation.project("'buys' as target, feature_row")
    assert score_everybody(session, relation, due, [], TOPICS).fetchall() == []
