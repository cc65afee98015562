"""Ranked lists of products, made of scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from customer_analytics.recommendations.hybrid import SLOTS, Candidates, SlotModel
from customer_analytics.recommendations.sources import SOURCES, Sources

Columns = dict[str, np.ndarray]
HYBRID = "hybrid"
TOTAL = "total"


@dataclass(frozen=True)
class RankedList:
    """The best products of some customers, in order of customer and rank.

    Attributes
    ----------
    source, slot : str
    row, product : int arrays of shape (n_rows,)
        Position of the customer, number of the product.
    score : float array of shape (n_rows,)
    training_count : int
    """

    source: str
    slot: str
    row: np.ndarray
    product: np.ndarray
    score: np.ndarray
    training_count: int = 0

    def rows(self, customers: np.ndarray) -> Columns:
        """Return one row per rank, given the customers' numbers."""
        count = len(self.row)
        return {
            "source": np.full(count, self.source, dtype=object),
            "slot": np.full(count, self.slot, dtype=object),
            "customer_number": np.asarray(customers, dtype=np.int64)[self.row],
            "rank": _ranks(self.row).astype(np.int32),
            "product_number": self.product.astype(np.int64),
            "score": self.score.astype(np.float64).round(9),
            "training_count": np.full(count, self.training_count, dtype=np.int64),
        }


def source_lists(
    sources: Sources,
    customers: np.ndarray,
    scores: dict[str, np.ndarray],
    length: int,
) -> list[RankedList]:
    """Return the lists of every source for every slot, total included."""
    masks = slot_masks(sources, customers)
    lists = []
    for name in SOURCES:
        own = [
            source_list(sources, scores, name, slot, masks[slot], length)
            for slot in SLOTS
        ]
        lists += [*own, _both_slots(own, length)]
    return lists


def slot_masks(sources: Sources, customers: np.ndarray) -> dict[str, np.ndarray]:
    """Return which offered products may stand in which slot of some customers."""
    is_bought = sources.bought(customers)
    return {"repeat": is_bought, "discovery": ~is_bought}


def source_list(
    sources: Sources,
    scores: dict[str, np.ndarray],
    name: str,
    slot: str,
    mask: np.ndarray,
    length: int,
) -> RankedList:
    """Return the best of one source, of those that a mask allows."""
    row, place, score = _best(np.where(mask, scores[name], -np.inf), length)
    return RankedList(name, slot, row, sources.offered[place], score)


def _best(scores: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column and score of the best of each row, equal ones by number."""
    count = min(length, scores.shape[1])
    if not count:
        return *(np.zeros(0, np.int64),) * 2, np.zeros(0)
    best = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    best.sort(axis=1)
    values = np.take_along_axis(scores, best, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    row = np.repeat(np.arange(len(scores)), count)
    product = np.take_along_axis(best, order, axis=1).ravel()
    score = np.take_along_axis(values, order, axis=1).ravel()
    known = np.isfinite(score)
    return row[known], product[known], score[known]


def hybrid_lists(
    found: dict[str, Candidates], models: dict[str, SlotModel | None], length: int
) -> list[RankedList]:
    """Return the hybrid's lists for every slot it could be learned for."""
    lists = [
        hybrid_list(slot, own, models[slot], length)[0]
        for slot, own in found.items()
        if models[slot] is not None
    ]
    if len(lists) == len(SLOTS):
        # Both slots' scores are chances of the same thing, and so comparable.
        lists.append(_both_slots(lists, length))
    return lists


def _both_slots(lists: Sequence[RankedList], length: int) -> RankedList:
    """Return the best of the lists of one source, whose scores are of one scale."""
    row, product, score = (
        np.concatenate([getattr(own, name) for own in lists])
        for name in ("row", "product", "score")
    )
    kept = _first_of_rows(row, product, score, length)
    count = sum(own.training_count for own in lists)
    return RankedList(
        lists[0].source, TOTAL, row[kept], product[kept], score[kept], count
    )


def hybrid_list(
    slot: str, own: Candidates, model: SlotModel, length: int
) -> tuple[RankedList, np.ndarray]:
    """Return the best of the hybrid, and which candidates they are."""
    score = model.probability(own.features)
    kept = _first_of_rows(own.row, own.product, score, length)
    places = (own.row[kept], own.product[kept], score[kept])
    return RankedList(HYBRID, slot, *places, model.candidate_count), kept


def _first_of_rows(
    row: np.ndarray, product: np.ndarray, score: np.ndarray, length: int
) -> np.ndarray:
    """Return positions of the best of each row, in order of row and rank."""
    order = np.lexsort((product, -score.round(9), row))
    rank = _ranks(row[order])
    return order[rank <= length]


def _ranks(row: np.ndarray) -> np.ndarray:
    """Return positions within runs of equal rows, from 1."""
    if not len(row):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
    lengths = np.diff(np.append(starts, len(row)))
    return np.arange(len(row)) - np.repeat(starts, lengths) + 1


def below(parts: Sequence[Columns]) -> Columns:
    """Return rows below each other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


NO_ROWS = RankedList("", "", *(np.zeros(0, np.int64),) * 2, np.zeros(0)).rows(
    np.zeros(0)
)
