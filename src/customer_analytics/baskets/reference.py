"""The same itemsets from mlxtend, the reference that the engine is held against."""

from collections.abc import Sequence

import numpy as np

from customer_analytics.baskets.bitsets import Itemsets, TooManyItemsets


def mlxtend_itemsets(
    basket: np.ndarray,
    item: np.ndarray,
    *,
    min_count: int,
    max_size: int,
    bounds: Sequence[int] = (),
    max_itemsets: int = 2**62,
) -> list[Itemsets]:
    """Find all itemsets that enough baskets hold, with mlxtend's FP-growth.

    Parameters, returned values and errors are those of `bitsets.frequent_itemsets`,
    but that ``tested_count`` counts every set of that many frequent items, as FP-growth
    (Han, Pei and Yin 2000) has no candidates.

    Raises
    ------
    ModuleNotFoundError
        If mlxtend is not installed; the message says how to install it.
    """
    try:
        import pandas as pd
        from mlxtend.frequent_patterns import fpgrowth
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "basket_engine: mlxtend is not installed. Install it with "
            "pip install 'customer-analytics[mlxtend]', or use basket_engine: bitset"
        ) from error
    from scipy.sparse import csr_matrix
    from scipy.special import comb

    if min_count < 1 or max_size < 1:
        raise ValueError(
            f"min_count={min_count} and max_size={max_size} must be 1 or more"
        )
    numbers, rows = np.unique(basket, return_inverse=True)
    if len(numbers) < min_count:
        return []
    matrix = csr_matrix(
        (np.ones(len(item), dtype=bool), (rows, item)),
        shape=(len(numbers), int(item.max()) + 1),
    )
    frame = pd.DataFrame.sparse.from_spmatrix(matrix)
    frame.columns = range(matrix.shape[1])
    # Half a basket less, so that no rounding loses an itemset at the bound.
    found = fpgrowth(frame, (min_count - 0.5) / len(numbers), max_len=max_size)
    if len(found) > max_itemsets:
        raise TooManyItemsets(f"more than {max_itemsets:,} frequent itemsets")
    by_column = matrix.tocsc()
    rows_below = np.searchsorted(numbers, np.asarray(bounds, dtype=np.int64))
    sizes = []
    single = sum(len(items) == 1 for items in found["itemsets"])
    for size in range(1, max_size + 1):
        own = [i for i, items in enumerate(found["itemsets"]) if len(items) == size]
        items = np.array(
            [sorted(found["itemsets"].iloc[i]) for i in own], dtype=np.int64
        ).reshape(len(own), size)
        counts = (found["support"].to_numpy()[own] * len(numbers)).round()
        order = np.lexsort(items.T[::-1])
        tested = len(np.unique(item)) if size == 1 else comb(single, size, exact=True)
        sizes.append(
            Itemsets(
                items[order],
                counts.astype(np.int64)[order],
                _counts_below(by_column, items[order], rows_below),
                min(tested, 2**62),
            )
        )
    return sizes


def _counts_below(by_column, items: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Count which of the first so many rows hold all items of each itemset."""
    counts = np.zeros((len(items), len(rows)), dtype=np.int64)
    for index, itemset in enumerate(items):
        held = np.ones(by_column.shape[0], dtype=bool)
        for column in itemset:
            bounds = slice(by_column.indptr[column], by_column.indptr[column + 1])
            has = np.zeros(by_column.shape[0], dtype=bool)
            has[by_column.indices[bounds]] = True
            held &= has
        counts[index] = np.concatenate([[0], np.cumsum(held)])[rows]
    return counts
