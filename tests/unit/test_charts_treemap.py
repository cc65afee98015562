"""The treemap's layout: the published example, areas, refusals."""

import pytest

from customer_analytics.charts.treemap import squarified


def test_published_example():
    # Bruls, Huizing and van Wijk (2000), section 3: 6 x 4 into 6 6 4 3 2 2 1; the first
    # column holds both sixes, the next row 4 and 3.
    boxes = squarified([6, 6, 4, 3, 2, 2, 1], width=6, height=4)
    assert boxes[0] == pytest.approx((0, 0, 3, 2))
    assert boxes[1] == pytest.approx((0, 2, 3, 4))
    assert boxes[2] == pytest.approx((3, 0, 3 + 12 / 7, 7 / 3))
    assert boxes[3] == pytest.approx((3 + 12 / 7, 0, 6, 7 / 3))
    assert boxes[4] == pytest.approx((3, 7 / 3, 4.2, 4))


def test_areas_are_in_proportion_and_fill_the_rectangle():
    values = [50, 20, 10, 10, 5, 3, 1, 1]
    boxes = squarified(values, width=1.6, height=1.0)
    areas = [(right - left) * (top - low) for left, low, right, top in boxes]
    assert areas == pytest.approx([value / 100 * 1.6 for value in values])
    assert max(box[2] for box in boxes) == pytest.approx(1.6)
    assert max(box[3] for box in boxes) == pytest.approx(1.0)


def test_one_value_takes_all():
    assert squarified([3], width=2, height=1) == [pytest.approx((0, 0, 2, 1))]


def test_no_values_no_boxes():
    assert squarified([], width=2, height=1) == []


@pytest.mark.parametrize("values", [[1, 2], [2, 0], [1, -1]])
def test_wrong_values_are_refused(values):
    with pytest.raises(ValueError, match="above 0, largest first"):
        squarified(values, width=1, height=1)
