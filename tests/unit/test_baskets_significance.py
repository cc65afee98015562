"""P-values of meeting in baskets, against scipy and by hand."""

import numpy as np
import pytest
from scipy.stats import fisher_exact, hypergeom

from customer_analytics.baskets.significance import joint_p_values


def test_by_hand():
    # Two of four baskets each: both pairs meet in 1 of 6 ways, one or more in 5.
    assert joint_p_values([4] * 3, [2] * 3, [2] * 3, [2, 1, 0]) == pytest.approx(
        [1 / 6, 5 / 6, 1]
    )


def test_equals_fishers_exact_test_of_scipy():
    n, a, c, k = 500, 60, 40, 15
    expected = fisher_exact([[k, a - k], [c - k, n - a - c + k]], "greater").pvalue
    assert joint_p_values([n], [a], [c], [k]) == pytest.approx([expected], rel=1e-9)


def test_equals_scipy_for_any_counts():
    rng = np.random.default_rng(1)
    n = rng.integers(1, 50_000, 2000)
    a, c = (rng.integers(0, n + 1) for _ in range(2))
    least, most = np.maximum(0, a + c - n), np.minimum(a, c)
    k = rng.integers(least, most + 1)
    expected = hypergeom.sf(k - 1, n, a, c)
    found = joint_p_values(n, a, c, k)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-300)
    assert ((found >= 0) & (found <= 1)).all()


def test_smallest_of_all():
    assert joint_p_values([10**6], [10**4], [10**4], [10**4]) == [0]


def test_no_counts():
    assert len(joint_p_values(*[np.zeros(0, dtype=int)] * 4)) == 0


@pytest.mark.parametrize("counts", [(10, 5, 5, 6), (10, 8, 8, 5), (10, 11, 5, 5)])
def test_impossible_counts_are_refused(counts):
    with pytest.raises(ValueError, match="joint_count"):
        joint_p_values(*([count] for count in counts))
