import warnings

import numpy as np
import pytest
from planted_points import sample_rows

from customer_analytics.segments.axes import feature_set_axes, product_axes


def cloud(width, seed=0):
    """Return points that spread differently along every feature, away from 0."""
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(80, width)) @ rng.normal(size=(width, width))
    return mixed * np.arange(1, width + 1) + 3


def upright(axes):
    """Turn axes so that the largest loading of each is positive."""
    largest = np.abs(axes).argmax(axis=1)[:, None]
    return axes * np.sign(np.take_along_axis(axes, largest, axis=1))


# Feature sets


@pytest.mark.parametrize("width", [2, 3, 6])
def test_axes_are_those_of_the_centred_points(width):
    points = cloud(width)
    found = feature_set_axes(sample_rows({"a": points}))
    _, values, axes = np.linalg.svd(points - points.mean(axis=0))
    shares = values**2 / (values**2).sum()
    assert found["loading"] == pytest.approx(upright(axes[:2]).ravel(), abs=1e-8)
    assert found["origin"] == pytest.approx(np.tile(points.mean(axis=0), 2))
    assert found["explained_variance"] == pytest.approx(np.repeat(shares[:2], width))
    assert found["axis"].tolist() == [1] * width + [2] * width
    assert found["position"].tolist() == [*range(1, width + 1)] * 2


def test_axes_of_a_drawn_out_diagonal():
    # Squares add up to 40 along (2, -1) and to 2.5 along (1, 2).
    points = np.array([[4, -2], [-4, 2], [0.5, 1], [-0.5, -1]])
    found = feature_set_axes(sample_rows({"a": points}))
    root = 5**0.5
    assert found["loading"] == pytest.approx([2 / root, -1 / root, 1 / root, 2 / root])
    shares = found["explained_variance"][[0, 2]]
    assert shares == pytest.approx([40 / 42.5, 2.5 / 42.5])


@pytest.mark.parametrize("factor", [1, -1])
def test_the_largest_loading_is_positive(factor):
    found = feature_set_axes(sample_rows({"a": factor * cloud(4)}))
    for axis in (1, 2):
        loadings = found["loading"][found["axis"] == axis]
        assert loadings[np.abs(loadings).argmax()] > 0
        assert (loadings**2).sum() == pytest.approx(1)


def test_a_single_feature_has_a_second_axis_of_zeros():
    found = feature_set_axes(sample_rows({"a": [[1], [2], [6]]}))
    assert found["loading"].tolist() == [1, 0]
    assert found["explained_variance"].tolist() == [1, 0]
    assert found["origin"].tolist() == [3, 3]
    assert found["axis"].tolist() == [1, 2]


def test_each_set_has_axes_of_its_own():
    together = feature_set_axes(sample_rows({"b": cloud(3), "a": cloud(2, seed=1)}))
    alone = feature_set_axes(sample_rows({"b": cloud(3)}))
    assert together["feature_set"].tolist() == ["a"] * 4 + ["b"] * 6
    of_b = together["feature_set"] == "b"
    assert all(together[n][of_b].tolist() == alone[n].tolist() for n in alone)


def test_earlier_points_change_no_axis():
    points = {"a": cloud(3)}
    now = feature_set_axes(sample_rows(points))
    with_earlier = feature_set_axes(sample_rows(points, earlier=[("a", 1, range(9))]))
    assert with_earlier["loading"].tolist() == now["loading"].tolist()


def test_equal_points_explain_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = feature_set_axes(sample_rows({"a": np.ones((9, 3))}))
    assert found["explained_variance"].tolist() == [0] * 6
    assert np.isfinite(found["loading"]).all()


def test_no_set_has_no_axes():
    found = feature_set_axes(sample_rows({}))
    full = feature_set_axes(sample_rows({"a": cloud(2)}))
    assert [(name, c.dtype, len(c)) for name, c in found.items()] == [
        (name, column.dtype, 0) for name, column in full.items()
    ]


# Products


def purchases(weights):
    """Return customers, products and weights of a matrix's cells above 0."""
    customers, products = np.nonzero(weights)
    return customers, products, weights[customers, products]


@pytest.fixture
def weights():
    rng = np.random.default_rng(3)
    return rng.integers(0, 4, size=(12, 7)).astype(float)


def test_product_axes_are_those_of_the_whole_matrix(weights):
    found = product_axes(*purchases(weights), seed=0)
    left, values, axes = np.linalg.svd(weights)
    scores = left[:, :2] * values[:2]
    shares = scores.var(axis=0) / weights.var(axis=0).sum()
    assert found["loading"] == pytest.approx(upright(axes[:2]).ravel(), abs=1e-8)
    assert found["explained_variance"] == pytest.approx(np.repeat(shares, 7))
    assert found["axis"].tolist() == [1] * 7 + [2] * 7
    assert found["product"].tolist() == [*range(7)] * 2


def test_two_tastes_are_two_axes():
    # Three customers buy products 0 and 1 alike, two buy product 2.
    weights = np.array([[1, 1, 0]] * 3 + [[0, 0, 1]] * 2)
    found = product_axes(*purchases(weights), seed=0)
    half = 0.5**0.5
    assert found["loading"] == pytest.approx([half, half, 0, 0, 0, 1])


def test_products_keep_their_numbers(weights):
    customers, products, amounts = purchases(weights)
    numbers = np.array([900, 3, 77, 8, 120, 5, 41])
    plain = product_axes(customers, products, amounts, seed=0)
    found = product_axes(customers * 10 + 4, numbers[products], amounts, seed=0)
    loadings = dict(zip(found["product"][:7], found["loading"][:7], strict=True))
    assert found["product"][:7].tolist() == sorted(numbers)
    expected = plain["loading"][:7].tolist()
    assert [loadings[n] for n in numbers] == pytest.approx(expected, abs=1e-8)


def test_order_of_purchases_changes_no_axis(weights):
    cells = purchases(weights)
    order = np.random.default_rng(1).permutation(len(cells[0]))
    found = product_axes(*cells, seed=0)
    shuffled = product_axes(*(column[order] for column in cells), seed=0)
    assert all(shuffled[name].tolist() == found[name].tolist() for name in found)


@pytest.mark.parametrize("shape", [(0, 0), (9, 1), (9, 2), (1, 9), (2, 9)])
def test_fewer_than_three_products_or_customers_have_no_axes(shape):
    found = product_axes(*purchases(np.ones(shape)), seed=0)
    assert list(found) == ["axis", "product", "loading", "explained_variance"]
    assert [len(column) for column in found.values()] == [0] * 4


def test_customers_who_buy_alike_explain_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = product_axes(*purchases(np.ones((4, 4))), seed=0)
    assert found["loading"][:4] == pytest.approx([0.5] * 4)
    assert found["explained_variance"].tolist() == [0] * 8
