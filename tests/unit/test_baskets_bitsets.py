"""Itemsets: by hand, as mlxtend finds them, and at the edges."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlxtend.frequent_patterns import apriori

from customer_analytics.baskets.bitsets import TooManyItemsets, frequent_itemsets
from customer_analytics.baskets.reference import mlxtend_itemsets

ENGINES = [frequent_itemsets, mlxtend_itemsets]


def rows(baskets):
    pairs = [(b, i) for b, items in enumerate(baskets) for i in sorted(set(items))]
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def as_dict(sizes):
    return {
        tuple(items): (int(count), *below)
        for found in sizes
        for items, count, below in zip(
            found.items.tolist(), found.counts, found.counts_below.tolist(), strict=True
        )
    }


def counted_one_by_one(baskets, min_count, max_size, bounds):
    """Count every subset of every basket."""
    found = {}
    for number, items in enumerate(baskets):
        for size in range(1, max_size + 1):
            for itemset in itertools.combinations(sorted(set(items)), size):
                counts = found.setdefault(itemset, np.zeros(1 + len(bounds), int))
                counts += [1, *(number < bound for bound in bounds)]
    return {
        itemset: tuple(counts.tolist())
        for itemset, counts in found.items()
        if counts[0] >= min_count
    }


# The example of Agrawal and Srikant (1994), figure 3.
PUBLISHED = [[1, 3, 4], [2, 3, 5], [1, 2, 3, 5], [2, 5]]


@pytest.mark.parametrize("engine", ENGINES)
def test_published_example(engine):
    sizes = engine(*rows(PUBLISHED), min_count=2, max_size=4, bounds=[2])
    assert as_dict(sizes) == {
        **{(1,): (2, 1), (2,): (3, 1), (3,): (3, 2), (5,): (3, 1)},
        **{(1, 3): (2, 1), (2, 3): (2, 1), (2, 5): (3, 1), (3, 5): (2, 1)},
        (2, 3, 5): (2, 1),
    }


def test_candidates_are_those_of_apriori():
    sizes = frequent_itemsets(*rows(PUBLISHED), min_count=2, max_size=4)
    # Five items; all pairs of the four frequent ones; {2, 3, 5} alone is left by the
    # pruning, as {1, 3} with 2 or 5 holds a pair that is not frequent.
    assert [found.tested_count for found in sizes] == [5, 6, 1, 0]


baskets_of = st.lists(
    st.lists(st.integers(0, 9), min_size=1, max_size=8), min_size=1, max_size=40
)


@given(
    baskets_of,
    st.integers(1, 6),
    st.integers(1, 5),
    st.lists(st.integers(0, 45), max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_equals_counting_every_subset(baskets, min_count, max_size, bounds):
    sizes = frequent_itemsets(
        *rows(baskets),
        min_count=min_count,
        max_size=max_size,
        bounds=bounds,
    )
    assert as_dict(sizes) == counted_one_by_one(baskets, min_count, max_size, bounds)
    for found in sizes:
        assert found.tested_count >= len(found.items)
        assert found.items.tolist() == sorted(found.items.tolist())


@given(
    st.integers(0, 2**32 - 1),
    st.integers(5, 300),
    st.integers(2, 30),
    st.integers(2, 12),
)
@settings(max_examples=25, deadline=None)
def test_equals_mlxtend(seed, basket_count, item_count, min_count):
    # Items of very different popularity, more baskets than a word has bits.
    rng = np.random.default_rng(seed)
    held = rng.random((basket_count, item_count)) < rng.random(item_count) ** 2
    basket, item = np.nonzero(held)
    settings_ = {"min_count": min_count, "max_size": 4, "bounds": [20, 128, 999]}
    ours = frequent_itemsets(basket, item, **settings_)
    theirs = mlxtend_itemsets(basket, item, **settings_)
    assert as_dict(ours) == as_dict(theirs)
    # Supports too, from mlxtend itself: of the baskets that hold anything.
    frame = pd.DataFrame(held[held.any(axis=1)])
    if len(frame) >= min_count:
        supports = apriori(frame, (min_count - 0.5) / len(frame), max_len=4)
        columns = supports[["itemsets", "support"]].to_numpy()
        assert {tuple(sorted(itemset)): value for itemset, value in columns} == {
            itemset: pytest.approx(count / len(frame))
            for itemset, (count, *_) in as_dict(ours).items()
        }


@pytest.mark.parametrize("engine", ENGINES)
def test_no_baskets_no_itemsets(engine):
    assert engine(*rows([]), min_count=2, max_size=3) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_one_product_in_every_basket(engine):
    sizes = engine(*rows([[7]] * 5), min_count=2, max_size=3)
    assert as_dict(sizes) == {(7,): (5,)}


def test_numbers_may_have_gaps():
    sizes = frequent_itemsets(
        np.array([3, 3, 90, 90, 91]),
        np.array([5, 1000, 5, 1000, 5]),
        min_count=2,
        max_size=2,
        bounds=[90],
    )
    assert as_dict(sizes) == {(5,): (3, 1), (1000,): (2, 1), (5, 1000): (2, 1)}


def test_one_giant_basket_makes_no_itemset():
    baskets = [range(5000), *([[1, 2]] * 3)]
    sizes = frequent_itemsets(*rows(baskets), min_count=2, max_size=4)
    assert as_dict(sizes) == {(1,): (4,), (2,): (4,), (1, 2): (4,)}


def test_copies_of_a_giant_basket_stop_before_memory_does():
    with pytest.raises(TooManyItemsets, match="more than 10,000"):
        frequent_itemsets(
            *rows([range(5000)] * 2), min_count=2, max_size=4, max_itemsets=10_000
        )


@pytest.mark.parametrize("settings_", [{"min_count": 0}, {"max_size": 0}])
@pytest.mark.parametrize("engine", ENGINES)
def test_senseless_settings_are_refused(engine, settings_):
    with pytest.raises(ValueError, match="must be 1 or more"):
        engine(*rows([[1]]), **{"min_count": 1, "max_size": 1} | settings_)


def test_unsorted_baskets_are_refused():
    with pytest.raises(ValueError, match="sorted"):
        frequent_itemsets(np.array([2, 1]), np.array([1, 1]), min_count=1, max_size=1)
