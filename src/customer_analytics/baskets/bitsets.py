"""Frequent itemsets by Apriori on bitsets, one class of itemsets after another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

WORD_BITS = 64
# Words that candidates are intersected in at a time: bounds the memory of a level.
CHUNK_WORDS = 1 << 22
# Pairs of itemsets that are joined at a time, for the same reason.
CHUNK_PAIRS = 1 << 21


class TooManyItemsets(Exception):
    """There are more frequent itemsets than were allowed."""


@dataclass
class Itemsets:
    """Frequent itemsets of one size.

    Attributes
    ----------
    items : int array of shape (n_itemsets, size)
        Item numbers, rising within a row; rows in lexicographic order.
    counts : int array of shape (n_itemsets,)
        Baskets that hold the whole itemset.
    counts_below : int array of shape (n_itemsets, n_bounds)
        Those of them with a number below each bound.
    tested_count : int
        Candidates of this size that were looked at, frequent or not, at least
        n_itemsets. Of pairs, all pairs of frequent items.
    """

    items: np.ndarray
    counts: np.ndarray
    counts_below: np.ndarray
    tested_count: int


@dataclass
class _Found:
    """What the classes yield, size by size."""

    limit: int
    items: dict[int, list[np.ndarray]] = field(default_factory=dict)
    counts: dict[int, list[np.ndarray]] = field(default_factory=dict)
    counts_below: dict[int, list[np.ndarray]] = field(default_factory=dict)
    tested: dict[int, int] = field(default_factory=dict)
    total: int = 0

    def add(self, items: np.ndarray, counts: np.ndarray, below: np.ndarray) -> None:
        size = items.shape[1]
        self.check(len(items))
        self.items.setdefault(size, []).append(items)
        self.counts.setdefault(size, []).append(counts)
        self.counts_below.setdefault(size, []).append(below)
        self.total += len(items)

    def check(self, more: int) -> None:
        if self.total + more > self.limit:
            raise TooManyItemsets(f"more than {self.limit:,} frequent itemsets")


def frequent_itemsets(
    basket: np.ndarray,
    item: np.ndarray,
    *,
    min_count: int,
    max_size: int,
    bounds: Sequence[int] = (),
    max_itemsets: int = 2**62,
) -> list[Itemsets]:
    """Find all itemsets that enough baskets hold.

    Apriori (Agrawal and Srikant 1994) within the class of itemsets that share their
    rarest item (Zaki 2000): only that item's baskets are looked at, as bits of words
    of 64; candidates are joined level by level from frequent itemsets that differ in
    the last item, and pruned where a pair in them is not frequent.

    Parameters
    ----------
    basket, item : int arrays of shape (n_rows,)
        Which basket holds which item, each pair once, sorted by basket. Any numbers
        from 0.
    min_count : int
        Least baskets of a frequent itemset, 1 or more.
    max_size : int
        Most items of an itemset, 1 or more.
    bounds : sequence of int
        Numbers of baskets below which each itemset is counted as well; with baskets
        numbered in time, its counts as of several dates.
    max_itemsets : int
        Where to give up.

    Returns
    -------
    list of Itemsets
        By size from 1, up to the largest that was looked for; none without baskets.

    Raises
    ------
    TooManyItemsets
        If there are more than ``max_itemsets``.
    ValueError
        If ``min_count`` or ``max_size`` is below 1, or the baskets are not sorted.

    References
    ----------
    Agrawal and Srikant (1994), Fast algorithms for mining association rules, VLDB.
    Zaki (2000), Scalable algorithms for association mining, IEEE TKDE 12(3).
    """
    if min_count < 1 or max_size < 1:
        raise ValueError(
            f"min_count={min_count} and max_size={max_size} must be 1 or more"
        )
    basket, item = np.asarray(basket), np.asarray(item)
    if (np.diff(basket) < 0).any():
        raise ValueError("the rows must be sorted by basket")
    if not len(basket):
        return []

    found = _Found(max_itemsets)
    counts = np.bincount(item)
    kept = np.flatnonzero(counts >= min_count)
    below = np.zeros((len(counts), len(bounds)), dtype=np.int64)
    for column, bound in enumerate(bounds):
        below[:, column] = np.bincount(item[basket < bound], minlength=len(counts))
    found.add(kept[:, None], counts[kept], below[kept])
    found.tested[1] = int((counts > 0).sum())
    if max_size > 1 and len(kept) > 1:
        # Rare items first: the many itemsets with an item that everybody buys are then
        # counted in the few baskets of their rarest one.
        by_rarity = kept[np.argsort(counts[kept], kind="stable")]
        table = _Table.of(basket, item, by_rarity, bounds)
        found.tested[2] = len(kept) * (len(kept) - 1) // 2
        _search(table, by_rarity, min_count, max_size, found)
    return _collected(found, len(bounds))


@dataclass(frozen=True)
class _Table:
    """Baskets of frequent items, both ways around; items by rank, rarest first."""

    basket_ends: np.ndarray  # where the rows of each basket in basket_ranks end
    basket_ranks: np.ndarray  # rising within a basket
    item_starts: np.ndarray  # rows of each item in item_baskets
    item_baskets: np.ndarray
    item_places: np.ndarray  # the row of the item in its basket in basket_ranks
    bounds: np.ndarray  # baskets below which is counted as well

    @classmethod
    def of(
        cls,
        basket: np.ndarray,
        item: np.ndarray,
        by_rarity: np.ndarray,
        bounds: Sequence[int],
    ) -> "_Table":
        rank_of = np.full(int(item.max()) + 1, -1, dtype=np.int32)
        rank_of[by_rarity] = np.arange(len(by_rarity), dtype=np.int32)
        ranks = rank_of[item]
        used = ranks >= 0
        ranks, own = ranks[used], basket[used]
        is_first = np.concatenate([[True], own[1:] != own[:-1]])
        numbers, dense = own[is_first], np.cumsum(is_first, dtype=np.int32) - 1
        # Sorted by basket as they are, sorting by item is enough; 16 bits sort fastest.
        small = ranks.astype(np.uint16) if len(by_rarity) < 1 << 16 else ranks
        order = np.argsort(small, kind="stable")
        ranks, dense = ranks[order], dense[order]
        by_basket = np.argsort(dense, kind="stable")
        places = np.empty_like(order)
        places[by_basket] = np.arange(len(order))
        return cls(
            np.cumsum(np.bincount(dense)),
            ranks[by_basket],
            np.concatenate([[0], np.cumsum(np.bincount(ranks))]),
            dense,
            places,
            np.searchsorted(numbers, np.asarray(bounds, dtype=np.int64)),
        )


def _search(
    table: _Table,
    by_rarity: np.ndarray,
    min_count: int,
    max_size: int,
    found: _Found,
) -> None:
    # From the most frequent item down, so that all pairs of later items are known.
    partners: list[np.ndarray] = [np.zeros(0, np.int32)] * len(by_rarity)
    local = np.full(len(by_rarity), -1, dtype=np.int32)
    for first in range(len(by_rarity) - 1, -1, -1):
        own = slice(table.item_starts[first], table.item_starts[first + 1])
        baskets = table.item_baskets[own]
        row, rank = _later_items(table, baskets, table.item_places[own])
        counts = np.bincount(rank, minlength=1)
        later = np.flatnonzero(counts >= min_count)
        partners[first] = later
        if not len(later):
            continue
        local[later] = np.arange(len(later))
        column = local[rank]
        inside = column >= 0
        bits = _packed(column[inside], row[inside], len(later), len(baskets))
        rows = np.searchsorted(baskets, table.bounds)
        found.add(
            np.column_stack([np.full(len(later), first), later]),
            counts[later],
            _counts_below(bits, rows),
        )
        if max_size > 2 and len(later) > 1:
            allowed = np.zeros((len(later), len(later)), dtype=bool)
            for position, other in enumerate(later):
                columns = local[partners[other]]
                allowed[position, columns[columns >= 0]] = True
            for items, *sizes in _levels(
                bits, rows, allowed, min_count, max_size, found
            ):
                found.add(
                    np.column_stack([np.full(len(items), first), later[items]]), *sizes
                )
        local[later] = -1
    for size, parts in found.items.items():
        if size > 1:
            found.items[size] = [by_rarity[ranks] for ranks in parts]


def _later_items(
    table: _Table, baskets: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return position of the basket and rank of each item after the places given."""
    lengths = table.basket_ends[baskets] - places - 1
    row = np.repeat(np.arange(len(baskets), dtype=np.int32), lengths)
    skipped = places + 1 - np.cumsum(lengths) + lengths
    return row, table.basket_ranks[np.arange(len(row)) + np.repeat(skipped, lengths)]


def _packed(
    column: np.ndarray, row: np.ndarray, column_count: int, row_count: int
) -> np.ndarray:
    """Return one row of words per column, a bit for each row it has."""
    words = -(-row_count // WORD_BITS)
    is_set = np.zeros((column_count, words * WORD_BITS), dtype=bool)
    is_set[column, row] = True
    return np.packbits(is_set, axis=1, bitorder="little").view(np.uint64)


def _popcounts(bits: np.ndarray) -> np.ndarray:
    return np.bitwise_count(bits).sum(axis=1, dtype=np.int64)


def _counts_below(bits: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return how many of the first so many bits of each row of words are set."""
    word_count = bits.shape[1]
    totals = np.zeros((len(bits), word_count + 1), dtype=np.int64)
    np.cumsum(np.bitwise_count(bits), axis=1, out=totals[:, 1:])
    words, rest = np.divmod(rows, WORD_BITS)
    is_first = np.arange(WORD_BITS) < rest[:, None]
    first = np.packbits(is_first, axis=1, bitorder="little").view(np.uint64).ravel()
    last_words = bits[:, np.minimum(words, word_count - 1)] & first
    return totals[:, words] + np.bitwise_count(last_words)


def _levels(
    bits: np.ndarray,
    rows: np.ndarray,
    allowed: np.ndarray,
    min_count: int,
    max_size: int,
    found: _Found,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield columns, counts and counts below of a class, from three items on."""
    items, held = np.arange(len(bits))[:, None], bits
    for size in range(3, max_size + 1):
        parts = []
        frequent = tested = 0
        for first, second in _joined(items):
            last = items[second, -1]
            # The pairs with the class's rarest item are frequent by construction.
            passes = np.ones(len(first), dtype=bool)
            for position in range(items.shape[1]):
                passes &= allowed[items[first, position], last]
            first, last = first[passes], last[passes]
            tested += len(first)
            counts = _intersection_counts(held, first, bits, last)
            kept = counts >= min_count
            frequent += int(kept.sum())
            found.check(frequent)
            parts.append((first[kept], last[kept], counts[kept]))
        found.tested[size] = found.tested.get(size, 0) + tested
        if not frequent:
            return
        first, last, counts = (
            np.concatenate(part) for part in zip(*parts, strict=True)
        )
        items = np.column_stack([items[first], last])
        held = held[first] & bits[last]
        yield items, counts, _counts_below(held, rows)


def _intersection_counts(
    held: np.ndarray, first: np.ndarray, bits: np.ndarray, last: np.ndarray
) -> np.ndarray:
    counts = np.zeros(len(first), dtype=np.int64)
    step = max(1, CHUNK_WORDS // bits.shape[1])
    for start in range(0, len(first), step):
        part = slice(start, start + step)
        counts[part] = _popcounts(held[first[part]] & bits[last[part]])
    return counts


def _joined(items: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield positions of the pairs of itemsets that differ in the last item only."""
    count = len(items)
    is_new = np.any(items[1:, :-1] != items[:-1, :-1], axis=1)
    bounds = np.concatenate([[0], np.flatnonzero(is_new) + 1, [count]])
    later = np.repeat(bounds[1:], np.diff(bounds)) - np.arange(count) - 1
    chunk = np.cumsum(later) // CHUNK_PAIRS
    for own in np.split(np.arange(count), np.flatnonzero(np.diff(chunk)) + 1):
        lengths = later[own]
        first = np.repeat(own, lengths)
        before = np.repeat(np.cumsum(lengths) - lengths, lengths)
        yield first, first + 1 + np.arange(len(first)) - before


def _collected(found: _Found, bound_count: int) -> list[Itemsets]:
    sizes = []
    for size in sorted(found.tested):
        parts = found.items.get(size, [np.zeros((0, size), dtype=np.int64)])
        items = np.sort(np.concatenate(parts), axis=1).astype(np.int64)
        order = np.lexsort(items.T[::-1])
        empty = [np.zeros(0, dtype=np.int64)]
        none_below = [np.zeros((0, bound_count), dtype=np.int64)]
        sizes.append(
            Itemsets(
                items[order],
                np.concatenate(found.counts.get(size, empty))[order],
                np.concatenate(found.counts_below.get(size, none_below))[order],
                found.tested[size],
            )
        )
    return sizes
