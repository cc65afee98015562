"""Mine the baskets of every group with the chosen engine."""

from collections.abc import Callable

import numpy as np

from customer_analytics.baskets.bitsets import (
    Itemsets,
    TooManyItemsets,
    frequent_itemsets,
)
from customer_analytics.baskets.reference import mlxtend_itemsets

Columns = dict[str, np.ndarray]
ENGINES = {"bitset": frequent_itemsets, "mlxtend": mlxtend_itemsets}


def mine_groups(
    items: Columns,
    groups: Columns,
    periods: Columns,
    *,
    engine: str,
    max_size: int,
    max_itemsets: int,
    report: Callable[[str], None] = lambda message: None,
) -> Columns:
    """Find the frequent itemsets of each group of baskets.

    Where there are more than ``max_itemsets`` in a group, as with many copies of one
    giant basket, the least count is doubled until they fit.

    Parameters
    ----------
    items : dict of arrays of shape (n_rows,)
        ``basket_group`` (str), ``basket_number`` and ``item_number`` (int), sorted by
        these.
    groups : dict of arrays of shape (n_groups,)
        ``basket_group`` and ``min_basket_count`` (least baskets of an itemset).
    periods : dict of arrays
        Stretches of time of each group, the latest first: ``basket_group``,
        ``end_number`` (above the numbers of the baskets of the period and of older
        ones) and ``weight`` (what a basket of it counts for, 0..1). What is not of the
        latest is early.
    engine : str
        ``bitset`` or ``mlxtend``.
    max_size : int
        Most items of an itemset.
    max_itemsets : int
        Most itemsets of a group.
    report : callable
        Told what is being worked on.

    Returns
    -------
    dict of arrays of shape (n_itemset_items,)
        One row per itemset and item: ``basket_group``, ``itemset_number`` (from 0 in a
        group), ``itemset_size``, ``item_position`` (from 1), ``item_number``,
        ``basket_count``, ``early_basket_count``, ``decayed_count`` (the sum of the
        baskets' weights), ``early_decayed_count`` (the same as it stood before the
        latest period), ``tested_count`` (candidates of the size that were looked at)
        and ``min_basket_count`` (as it was used).

    Raises
    ------
    ValueError
        If the engine is not known.
    """
    if engine not in ENGINES:
        raise ValueError(f"basket_engine={engine!r} is not one of {', '.join(ENGINES)}")
    parts = [_itemset_rows("", 0, [], np.zeros(0))]
    for index, group in enumerate(groups["basket_group"]):
        own = items["basket_group"] == group
        own_periods = periods["basket_group"] == group
        min_count = int(groups["min_basket_count"][index])
        while True:
            try:
                sizes = ENGINES[engine](
                    items["basket_number"][own],
                    items["item_number"][own],
                    min_count=min_count,
                    max_size=max_size,
                    bounds=periods["end_number"][own_periods],
                    max_itemsets=max_itemsets,
                )
            except TooManyItemsets as problem:
                report(f"{group}, in {min_count:,} baskets or more: {problem}")
                min_count *= 2
                continue
            break
        report(
            f"{group}: {sum(len(found.items) for found in sizes):,} itemsets in "
            f"{min_count:,} baskets or more ({engine})"
        )
        weights = periods["weight"][own_periods]
        parts.append(_itemset_rows(group, min_count, sizes, weights))
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def _itemset_rows(
    group: str, min_count: int, sizes: list[Itemsets], weights: np.ndarray
) -> Columns:
    parts = []
    first = 0
    for found in sizes:
        count, size = found.items.shape
        numbers = first + np.arange(count)
        first += count
        by_period = -np.diff(found.counts_below, axis=1, append=0)
        parts.append(
            (
                np.repeat(numbers, size),
                np.full(count * size, size),
                np.tile(np.arange(1, size + 1), count),
                found.items.ravel(),
                np.repeat(found.counts, size),
                np.repeat(by_period[:, 1:].sum(axis=1), size),
                np.repeat(by_period @ weights, size),
                np.repeat(by_period[:, 1:] @ weights[:-1], size),
                np.full(count * size, found.tested_count),
            )
        )
    names = ("itemset_number", "itemset_size", "item_position", "item_number")
    names += ("basket_count", "early_basket_count")
    names += ("decayed_count", "early_decayed_count", "tested_count")
    columns = {}
    for i, name in enumerate(names):
        empty = np.zeros(0, dtype=float if "decayed" in name else np.int64)
        columns[name] = np.concatenate([empty, *(part[i] for part in parts)])
    total = len(columns["itemset_number"])
    return (
        {"basket_group": np.full(total, group, dtype=object)}
        | columns
        | {"min_basket_count": np.full(total, min_count, dtype=np.int64)}
    )
