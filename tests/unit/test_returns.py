import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_analytics.returns import match_returned_units


def match(lines, moments=None):
    """Match lines (group, 's' or 'r', units, price); returns (return, sale, units)."""
    group, kind, units, price = zip(*lines, strict=True) if lines else ((), (), (), ())
    matches = match_returned_units(
        np.array(group, dtype=np.int64),
        np.array(range(len(lines)) if moments is None else moments),
        np.array([k == "r" for k in kind], dtype=bool),
        np.array(units, dtype=np.int64),
        np.array(price, dtype=np.int64),
    )
    return list(zip(*(column.tolist() for column in matches.values()), strict=True))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # The price decides before the date: the case of customer 15098.
        (
            [(1, "s", 60, 495), (1, "s", 60, 64950), (1, "r", 60, 495)],
            [(2, 0, 60)],
        ),
        # The exact quantity decides before the date, ...
        ([(1, "s", 3, 2), (1, "s", 5, 2), (1, "r", 3, 2)], [(2, 0, 3)]),
        # ... else the latest sale gives first, then the one before.
        (
            [(1, "s", 5, 2), (1, "s", 2, 2), (1, "r", 4, 2)],
            [(2, 1, 2), (2, 0, 2)],
        ),
        # What the own price does not hold comes from the other prices.
        ([(1, "s", 5, 9), (1, "s", 2, 2), (1, "r", 4, 2)], [(2, 1, 2), (2, 0, 2)]),
        # Never more than was sold, never from a later sale, never from another group.
        (
            [(1, "s", 9, 2), (2, "s", 1, 2), (2, "r", 3, 2), (2, "s", 9, 2)],
            [(2, 1, 1)],
        ),
        # Two returns take two sales; a third finds nothing.
        (
            [(1, "s", 1, 2), (1, "s", 1, 2), *[(1, "r", 1, 2)] * 3],
            [(2, 1, 1), (3, 0, 1)],
        ),
        # Units left count as exact, not units once sold.
        (
            [(1, "s", 5, 2), (1, "r", 2, 2), (1, "s", 9, 2), (1, "r", 3, 2)],
            [(1, 0, 2), (3, 0, 3)],
        ),
        ([(1, "r", 1, 2)], []),
        ([], []),
    ],
)
def test_returns_take_units_from_the_right_sale(lines, expected):
    assert match(lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # The first return finds its price nowhere; what the second was sold at is left
        # to it, whichever stands first.
        (
            [(1, "s", 2, 7), (1, "s", 2, 5), (1, "r", 2, 6), (1, "r", 2, 5)],
            [(2, 0, 2), (3, 1, 2)],
        ),
        (
            [(1, "s", 2, 7), (1, "s", 2, 5), (1, "r", 2, 5), (1, "r", 2, 6)],
            [(2, 1, 2), (3, 0, 2)],
        ),
        # Exactly the units left, before the latest.
        (
            [(1, "s", 4, 5), (1, "s", 3, 5), (1, "r", 2, 5), (1, "r", 3, 5)],
            [(2, 0, 2), (3, 1, 3)],
        ),
    ],
)
def test_returns_of_one_moment_have_no_order(lines, expected):
    assert match(lines, [1, 2, 3, 3]) == expected


def test_returns_of_different_moments_do():
    lines = [(1, "s", 2, 7), (1, "s", 2, 5), (1, "r", 2, 6), (1, "r", 2, 5)]
    assert match(lines, [1, 2, 3, 4]) == [(2, 1, 2), (3, 0, 2)]


def greedy(lines):
    """Match by the rule as it is worded, comparing every return with every sale."""
    left, matches = {}, []
    for index, (group, kind, units, price) in enumerate(lines):
        if kind == "s":
            left[index] = units
            continue
        wanted = units
        while wanted:
            sales = [s for s in left if left[s] and lines[s][0] == group]
            if not sales:
                break
            best = max(
                sales, key=lambda s: (lines[s][3] == price, left[s] == wanted, s)
            )
            taken = min(wanted, left[best])
            left[best] -= taken
            wanted -= taken
            matches.append((index, best, taken))
    return matches


LINE = st.tuples(
    st.integers(1, 2),
    st.sampled_from("ssr"),
    st.integers(1, 4),
    st.integers(1, 2),
)


@given(st.lists(LINE, max_size=30))
def test_matches_are_those_of_the_plain_rule(lines):
    lines = sorted(lines, key=lambda line: line[0])
    assert match(lines) == greedy(lines)


@given(st.lists(LINE, max_size=30), st.integers(0, 30))
def test_later_lines_change_no_earlier_match(lines, cut):
    lines = [(1, *line[1:]) for line in lines]
    earlier = [m for m in match(lines) if m[0] < cut]
    assert match(lines[:cut]) == earlier


def test_a_house_account_is_matched():
    # Comparing all pairs of the 40,000 lines would take 300 million steps.
    lines = [(1, "r" if i % 4 == 3 else "s", 1 + i % 5, 2) for i in range(40_000)]
    returned = sum(units for _, kind, units, _ in lines if kind == "r")
    assert sum(units for _, _, units in match(lines)) == returned


@pytest.mark.parametrize(
    ("units", "price", "message"),
    [([1, 0], [1, 1], "above 0, the least is 0"), ([1, 1], [1], "differ in length")],
)
def test_wrong_arrays_are_refused(units, price, message):
    with pytest.raises(ValueError, match=message):
        match_returned_units(
            *(np.array([1, 1]), np.array([1, 2]), np.array([False, True])),
            *(np.array(units), np.array(price)),
        )
