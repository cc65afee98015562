"""Mining by group: long rows, and a least count that rises where it must."""

import sys

import numpy as np
import pytest

from customer_analytics.baskets.mining import mine_groups


def table(*baskets):
    found = [
        (group, number, item)
        for number, (group, items) in enumerate(baskets)
        for item in items
    ]
    groups, numbers, items = zip(*found, strict=True) if found else ((), (), ())
    return {
        "basket_group": np.array(groups, dtype=object),
        "basket_number": np.array(numbers, dtype=np.int64),
        "item_number": np.array(items, dtype=np.int64),
    }


def groups(**min_counts):
    return {
        "basket_group": np.array(list(min_counts), dtype=object),
        "min_basket_count": np.array(list(min_counts.values())),
    }


def periods(*names):
    """Return three periods of each group: from basket 1 on, basket 0, nothing."""
    return {
        "basket_group": np.repeat(np.array(names, dtype=object), 3),
        "end_number": np.tile([99, 1, 0], len(names)),
        "weight": np.tile([1.0, 0.5, 0.25], len(names)),
    }


def mined(items, by_group, **settings):
    defaults = {"engine": "bitset", "max_size": 3, "max_itemsets": 1000}
    own = periods(*by_group["basket_group"])
    columns = mine_groups(items, by_group, own, **defaults | settings)
    return list(zip(*(columns[name].tolist() for name in columns), strict=True))


def test_rows_of_two_groups():
    items = table(("a", [1, 2]), ("a", [1, 2]), ("b", [2]), ("b", [2, 3]))
    assert mined(items, groups(a=2, b=2)) == [
        # group, itemset, size, position, item, baskets, early, decayed, early decayed,
        # tested, least
        ("a", 0, 1, 1, 1, 2, 1, 1.5, 1.0, 2, 2),
        ("a", 1, 1, 1, 2, 2, 1, 1.5, 1.0, 2, 2),
        ("a", 2, 2, 1, 1, 2, 1, 1.5, 1.0, 1, 2),
        ("a", 2, 2, 2, 2, 2, 1, 1.5, 1.0, 1, 2),
        ("b", 0, 1, 1, 2, 2, 0, 2.0, 0.0, 2, 2),
    ]


def test_no_baskets_no_rows():
    assert mined(table(), groups(all=30)) == []


def test_too_many_itemsets_raise_the_least_count():
    told = []
    giants = [("all", range(50))] * 2 + [("all", [60, 61])] * 4
    found = mined(table(*giants), groups(all=2), max_itemsets=100, report=told.append)
    assert {(row[4], row[-1]) for row in found} == {(60, 4), (61, 4)}
    assert "more than 100" in told[0] and "3 itemsets in 4 baskets" in told[1]


def test_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="'weka' is not one of bitset, mlxtend"):
        mined(table(("a", [1])), groups(a=1), engine="weka")


def test_missing_mlxtend_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.frequent_patterns", None)
    with pytest.raises(ModuleNotFoundError, match=r"customer-analytics\[mlxtend\]"):
        mined(table(("a", [1])), groups(a=1), engine="mlxtend")
