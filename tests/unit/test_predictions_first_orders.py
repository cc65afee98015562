import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from customer_analytics.predictions.first_orders import (
    first_orders,
    predict_first_orders,
)

COUNT, DUE = 500, 100


def columns(rng, *, products=True):
    """Return first orders of which amount, product 0 and an attribute tell."""
    orders = {
        "customer_number": np.arange(1, COUNT + 1),
        "amount": rng.normal(size=COUNT),
        "share": np.ma.masked_all(COUNT),
    }
    has_product = rng.random(COUNT) < 0.5
    rows = np.flatnonzero(has_product) if products else np.zeros(0, int)
    filler = np.arange(COUNT) if products else np.zeros(0, int)
    items = {
        "customer_number": np.concatenate([rows, filler]) + 1,
        "product_number": np.concatenate([rows * 0, 1 + filler % 7]),
        "line_count": np.ones(len(rows) + len(filler)),
    }
    age = rng.normal(size=COUNT)
    attributes = {
        "customer_number": np.arange(1, COUNT + 1),
        "attribute_name": np.full(COUNT, "age", dtype=object),
        "feature": np.full(COUNT, "attribute.age", dtype=object),
        "feature_value": age,
    }
    score = orders["amount"] + 2 * has_product * bool(products) + age
    return orders, items, attributes, score - score.mean()


def windows(kind, amounts, segments=None):
    segments = np.full(COUNT, None, dtype=object) if segments is None else segments
    training = np.arange(COUNT) >= DUE
    return {
        "target": np.full(COUNT, "next", dtype=object),
        "kind": np.full(COUNT, kind, dtype=object),
        "cutoff_date": np.full(COUNT, "2024-05-01", dtype="datetime64[D]"),
        "customer_number": np.arange(1, COUNT + 1),
        "is_training": training,
        "actual_amount": np.ma.array(amounts, mask=~training),
        "actual_segment": segments,
    }


def predicted(kind, amounts, data, segments=None):
    runs, found = predict_first_orders(
        first_orders(*data), windows(kind, amounts, segments), axes=3, seed=1
    )
    return {
        model: [
            (segment, value)
            for run, segment, value in zip(
                found["run_number"], found["segment"], found["predicted"], strict=True
            )
            if runs["model"][run] == model
        ]
        for model in ("average", "linear", "xgboost")
    }


@pytest.fixture(scope="module")
def data():
    return columns(np.random.default_rng(4))


def test_yes_or_no_is_told_by_amount_products_and_attributes(data):
    *inputs, score = data
    amounts = np.where(score > 0, 10.0, 0.0)
    found = predicted("binary", amounts, inputs)
    for model in ("linear", "xgboost"):
        chances = [value for _, value in found[model]]
        assert len(chances) == DUE
        assert roc_auc_score(score[:DUE] > 0, chances) > 0.9
    (average,) = {value for _, value in found["average"]}
    expected = (np.sum(score[DUE:] > 0) + 1) / (COUNT - DUE + 2)
    assert average == pytest.approx(expected)


def test_amounts_are_told(data):
    *inputs, score = data
    amounts = np.where(score > 0, np.exp(score), 0.0)
    found = predicted("amount", amounts, inputs)
    for model in ("linear", "xgboost"):
        values = np.array([value for _, value in found[model]])
        assert spearmanr(values, amounts[:DUE]).statistic > 0.6
        assert (values >= 0).all()
        assert values.sum() == pytest.approx(amounts[:DUE].sum(), rel=0.3)
    (average,) = {value for _, value in found["average"]}
    assert average == pytest.approx(amounts[DUE:].mean())


def test_segments_are_told_with_probabilities_that_add_up(data):
    *inputs, score = data
    segments = np.array(["low", "middle", "high"], dtype=object)[
        np.digitize(score, [-0.8, 0.8])
    ]
    found = predicted("multiclass", np.zeros(COUNT), inputs, segments)
    for model, pairs in found.items():
        chances = {}
        for segment, value in pairs:
            chances.setdefault(segment, []).append(value)
        assert set(chances) == {"low", "middle", "high"}
        table = np.array([chances[name] for name in ("low", "middle", "high")])
        assert table.sum(axis=0) == pytest.approx(1, abs=1e-5)
        hits = table.argmax(axis=0) == np.digitize(score[:DUE], [-0.8, 0.8])
        assert (hits.mean() > 0.6) == (model != "average")


def test_no_products_and_nothing_bought_are_no_error():
    *inputs, _ = columns(np.random.default_rng(5), products=False)
    inputs[2] = {name: values[:0] for name, values in inputs[2].items()}
    found = predicted("amount", np.zeros(COUNT), inputs)
    assert {value for pairs in found.values() for _, value in pairs} == {0.0}
    found = predicted("binary", np.zeros(COUNT), inputs)
    assert {value for pairs in found.values() for _, value in pairs} == {0.0}


def test_no_windows_give_empty_columns(data):
    empty = {name: v[:0] for name, v in windows("binary", np.zeros(COUNT)).items()}
    for found in predict_first_orders(first_orders(*data[:3]), empty, axes=3, seed=1):
        assert {len(values) for values in found.values()} == {0}
