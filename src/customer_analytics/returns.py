"""Match returned units to the sales they were bought in."""

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import groupby

import numpy as np

# Exactly the units left at the own price, any of it, and the same at any price.
STEPS = 4


def match_returned_units(
    group: np.ndarray,
    moment: np.ndarray,
    is_return: np.ndarray,
    units: np.ndarray,
    price: np.ndarray,
) -> dict[str, np.ndarray]:
    """Take the units of each return back from earlier sales of its group.

    Returns are worked through in order and see only the sales before them, so that a
    match never changes because of what happens later. Each return takes units, latest
    sale first, from sales at its own price and then from the others; at either price a
    sale with exactly as many units left as are still to be matched goes before all
    others. No sale gives more than was sold. Returns of one moment have no order among
    them: each of these steps is taken by all of them before the next one.

    Parameters
    ----------
    group : int array of shape (n_lines,)
        Who bought what; lines are matched within a group only. Equal values adjoin.
    moment : array of shape (n_lines,)
        When, not falling within a group; compared for equality only.
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
    lengths = {len(group), len(moment), len(is_return), len(units), len(price)}
    if len(lengths) > 1:
        raise ValueError(f"arrays differ in length: {sorted(lengths)}")
    if len(units) and units.min() <= 0:
        raise ValueError(f"units must be above 0, the least is {units.min()}")

    # Plain lists: a loop over array elements is several times slower.
    groups, moments, returned = group.tolist(), moment.tolist(), is_return.tolist()
    amounts, prices = units.tolist(), price.tolist()
    matches: list[tuple[int, int, int]] = []
    for _, lines in groupby(range(len(groups)), groups.__getitem__):
        shelf = _Shelf(amounts, prices)
        for (_, is_returned), now in groupby(
            lines, lambda line: (moments[line], returned[line])
        ):
            if is_returned:
                matches += shelf.take_back(list(now))
            else:
                shelf.add(*now)
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

    def add(self, *sales: int) -> None:
        """Put sales on the shelf, or put them back with the units they have left."""
        for sale in sales:
            left = self._left.setdefault(sale, self._units[sale])
            if left:
                price = self._price[sale]
                for key in ((), (left,), ("at", price), ("at", price, left)):
                    heappush(self._heaps.setdefault(key, []), (-sale, left))

    def take_back(self, returns: Sequence[int]) -> list[tuple[int, int, int]]:
        """Return (return, sale, units) for what the returns of a moment take."""
        wanted = {index: self._units[index] for index in returns}
        taken = []
        for step_count in range(1, STEPS + 1):
            for index in returns:
                while wanted[index]:
                    sale = self._next(self._price[index], wanted[index], step_count)
                    if sale is None:
                        break
                    units = min(wanted[index], self._left[sale])
                    self._left[sale] -= units
                    self.add(sale)
                    wanted[index] -= units
                    taken.append((index, sale, units))
        return sorted(taken, key=lambda match: match[0])

    def _next(self, price: int, wanted: int, step_count: int) -> int | None:
        steps = (("at", price, wanted), ("at", price), (wanted,), ())
        for key in steps[:step_count]:
            heap = self._heaps.get(key, [])
            while heap:
                sale, left = -heap[0][0], heap[0][1]
                if self._left[sale] == left:
                    return sale
                heappop(heap)
        return None
