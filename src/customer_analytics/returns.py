"""Match returned units to the sales they were bought in."""

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np


def match_returned_units(
    group: np.ndarray, is_return: np.ndarray, units: np.ndarray, price: np.ndarray
) -> dict[str, np.ndarray]:
    """Take the units of each return back from earlier sales of its group.

    Returns are worked through in order and see only the sales before them, so that a
    match never changes because of what happens later. Each return takes units, latest
    sale first, from sales at its own price and then from the others; at either price a
    sale with exactly as many units left as are still to be matched goes before all
    others. No sale gives more than was sold.

    Parameters
    ----------
    group : int array of shape (n_lines,)
        Who bought what; lines are matched within a group only. Equal values adjoin.
    is_return : bool array of shape (n_lines,)
        Within a group, lines are in the order of time, a sale before a return of the
        same moment.
    units : int array of shape (n_lines,)
        Units sold or returned, above 0, in any unit small enough to be whole.
    price : int array of shape (n_lines,)
        Compared for equality only.

    Returns
    -------
    dict of int arrays of shape (n_matches,)
        ``return_index`` and ``sale_index`` (positions in the input, in the order of
        the returns) and ``units`` (above 0). A return whose units are not all found has
        matches for fewer, or none.

    Raises
    ------
    ValueError
        If the arrays differ in length or units are not all above 0.

    Notes
    -----
    Takes O(n log n) time for any mix of sales and returns; comparing every return with
    every earlier sale does not end for the one id that a shop books its walk-in
    customers on.
    """
    lengths = {len(group), len(is_return), len(units), len(price)}
    if len(lengths) > 1:
        raise ValueError(f"arrays differ in length: {sorted(lengths)}")
    if len(units) and units.min() <= 0:
        raise ValueError(f"units must be above 0, the least is {units.min()}")

    # Plain lists: a loop over array elements is several times slower.
    groups, prices = group.tolist(), price.tolist()
    returned, amounts = is_return.tolist(), units.tolist()
    matches: list[tuple[int, int, int]] = []
    shelf = _Shelf(amounts, prices)
    for index, is_returned in enumerate(returned):
        if index == 0 or groups[index] != groups[index - 1]:
            shelf = _Shelf(amounts, prices)
        if is_returned:
            matches += shelf.take_back(index)
        else:
            shelf.add(index)
    columns = np.array(matches, dtype=np.int64).reshape(-1, 3)
    names = ("return_index", "sale_index", "units")
    return {name: columns[:, i].copy() for i, name in enumerate(names)}


class _Shelf:
    """The sales of one group with units left, ready to find the one to take from.

    A heap holds sales latest first; an entry whose units have changed since is passed
    over when it comes up.
    """

    def __init__(self, units: Sequence[int], price: Sequence[int]) -> None:
        self._units, self._price = units, price
        self._left: dict[int, int] = {}
        self._heaps: dict[tuple, list[tuple[int, int]]] = {}

    def add(self, sale: int) -> None:
        """Put a sale on the shelf, or put it back with the units it has left."""
        left = self._left.setdefault(sale, self._units[sale])
        if left:
            price = self._price[sale]
            for key in ((), (left,), ("at", price), ("at", price, left)):
                heappush(self._heaps.setdefault(key, []), (-sale, left))

    def take_back(self, index: int) -> list[tuple[int, int, int]]:
        """Return (return, sale, units) for what a return takes."""
        wanted, price = self._units[index], self._price[index]
        taken = []
        while wanted:
            sale = self._next(price, wanted)
            if sale is None:
                break
            units = min(wanted, self._left[sale])
            self._left[sale] -= units
            self.add(sale)
            wanted -= units
            taken.append((index, sale, units))
        return taken

    def _next(self, price: int, wanted: int) -> int | None:
        for key in (("at", price, wanted), ("at", price), (wanted,), ()):
            heap = self._heaps.get(key, [])
            while heap:
                sale, left = -heap[0][0], heap[0][1]
                if self._left[sale] == left:
                    return sale
                heappop(heap)
        return None
