"""Ranked lists of products: of every source at past dates, and to be served."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.recommendations.history import History
from customer_analytics.recommendations.hybrid import (
    SLOTS,
    Candidates,
    SlotModel,
    candidates,
    fit_slot,
)
from customer_analytics.recommendations.sources import (
    SOURCES,
    Popularity,
    Sources,
    SourceSettings,
    Taught,
    popularity_of,
    slot_masks,
    teach,
)

Columns = dict[str, np.ndarray]
HYBRID = "hybrid"
# Numbers of the windows that have no outcome.
NOW, LEARNING = 0, -1
TOTAL = "total"
# Customers that are scored at a time: bounds the memory of dense scores.
BLOCK_ELEMENTS = 4_000_000
# Windows before a date that the hybrid's weights are learned from.
TRAINING_WINDOWS = 2
NOBODY = np.zeros(0, dtype=np.int64)
# Of one window and by slot: the candidates, and whether each was in the next basket.
Lesson = dict[str, tuple[Candidates, np.ndarray]]


@dataclass(frozen=True)
class Window:
    """A date in the past and what customers bought first after it.

    Attributes
    ----------
    number : int
        NOW for the as-of date, LEARNING for the learning date, from 1 into the past.
    days_ago : int
        Days from the date to the learning date; below 0 for a later one.
    is_test : bool
        Whether lists are judged at it; else it is for learning only.
    is_eligible : bool array of shape (n_products,)
    customers : int array of shape (n_customers,)
        Who bought after it, within the horizon; sorted, some of them at most.
    truth : bool array of shape (n_customers, n_products)
        What was in their next basket.
    """

    number: int
    days_ago: int
    is_test: bool
    is_eligible: np.ndarray
    customers: np.ndarray
    truth: np.ndarray


def read_history(events: Columns) -> History:
    """Make a history as of the learning date of the rows of the events table.

    Parameters
    ----------
    events : dict of arrays of shape (n_events,)
        ``customer_number``, ``product_number``, ``order_number`` and ``days_ago``,
        sorted by customer and order.

    Returns
    -------
    History
    """
    customer, product = (
        np.asarray(events[name], dtype=np.int64)
        for name in ("customer_number", "product_number")
    )
    return History(
        customer,
        product,
        np.asarray(events["order_number"], dtype=np.int64),
        np.asarray(events["days_ago"], dtype=np.int64),
        int(customer.max(initial=-1)) + 1,
        int(product.max(initial=-1)) + 1,
    )


def read_windows(
    cutoffs: Columns, eligible: Columns, targets: Columns, product_count: int
) -> list[Window]:
    """Put what is known of each date together.

    Parameters
    ----------
    cutoffs : dict of arrays of shape (n_cutoffs,)
        ``cutoff_number``, ``days_ago`` and ``is_test``, sorted by number.
    eligible : dict of arrays
        ``cutoff_number`` and ``product_number`` of what could be recommended.
    targets : dict of arrays
        ``cutoff_number``, ``customer_number`` and ``product_number`` of what was bought
        next.
    product_count : int

    Returns
    -------
    list of Window
    """
    windows = []
    for i, number in enumerate(cutoffs["cutoff_number"]):
        is_eligible = np.zeros(product_count, dtype=bool)
        offered = eligible["product_number"][eligible["cutoff_number"] == number]
        is_eligible[offered[offered < product_count]] = True
        own = targets["cutoff_number"] == number
        customers, row = np.unique(targets["customer_number"][own], return_inverse=True)
        truth = np.zeros((len(customers), product_count), dtype=bool)
        truth[row, targets["product_number"][own]] = True
        windows.append(
            Window(
                int(number),
                int(cutoffs["days_ago"][i]),
                bool(cutoffs["is_test"][i]),
                is_eligible,
                customers.astype(np.int64),
                truth,
            )
        )
    return windows


def back_test(
    events: Columns,
    cutoffs: Columns,
    eligible: Columns,
    targets: Columns,
    *,
    settings: SourceSettings,
    length: int,
    report: Callable[[str], None] = lambda message: None,
) -> Columns:
    """Rank products at past dates by every source and by the hybrid.

    Each date knows only what was ordered before it; the hybrid's weights come from the
    windows before it, which had ended by then.

    Parameters
    ----------
    events, cutoffs, eligible, targets : dicts of arrays
        See `read_history` and `read_windows`.
    settings : SourceSettings
    length : int
        Products of a list.
    report : callable
        Told what is being worked on.

    Returns
    -------
    dict of arrays of shape (n_rows,)
        ``cutoff_number``, ``source`` (of SOURCES, or hybrid), ``slot`` (repeat,
        discovery, or total for both), ``customer_number``, ``rank`` (from 1),
        ``product_number``, ``score`` and ``training_count`` (candidates that the
        hybrid's weights were learned from; 0 for other sources).
    """
    history = read_history(events)
    windows = read_windows(cutoffs, eligible, targets, history.product_count)
    parts = [_list_rows(0, NOBODY, _NO_LIST)]
    learned: list[Lesson] = []
    with threadpool_limits(limits=1):
        # From the past on: what a window taught is used by the dates after it.
        for window in sorted(windows, key=lambda w: -w.number):
            if not len(window.customers):
                continue
            started = time.monotonic()
            past = history.before(window.days_ago)
            sources = Sources(past, window.is_eligible, settings)
            models = fitted(learned)
            taught = []
            for part in _blocks(len(window.customers), history.product_count):
                customers = window.customers[part]
                scores = sources.scores(customers)
                found = candidates(sources, customers, scores)
                taught.append(_with_truth(found, window.truth[part]))
                if window.is_test:
                    lists = source_lists(sources, customers, scores, length)
                    lists += hybrid_lists(found, models, length)
                    parts += [_list_rows(window.number, customers, x) for x in lists]
            learned.append(_joined(taught))
            report(
                f"{window.days_ago} days back: {len(window.customers):,} customers in "
                f"{time.monotonic() - started:.1f} s"
            )
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


@dataclass(frozen=True)
class ServedSources:
    """All that lists of today need besides a customer's own orders.

    Attributes
    ----------
    choice : dict of str to str
        By slot, the source that its back-test preferred.
    settings : SourceSettings
    is_eligible : bool array of shape (n_products,)
        What may be recommended now.
    popularity : Popularity
        As of now.
    weights : dict of str to SlotModel or None
        Of the hybrid, by slot; None where it was not chosen or could not be learned.
    taught : Taught or None
        What the sources learned; None where there are no orders.
    """

    choice: dict[str, str]
    settings: SourceSettings
    is_eligible: np.ndarray
    popularity: Popularity
    weights: dict[str, SlotModel | None]
    taught: Taught | None


def served_sources(
    events: Columns,
    cutoffs: Columns,
    eligible: Columns,
    targets: Columns,
    choice: dict[str, str],
    *,
    settings: SourceSettings,
    remember: Remember = anew,
) -> ServedSources:
    """Learn from the orders of everybody before the learning date.

    Parameters
    ----------
    events, cutoffs, eligible, targets : dicts of arrays
        See `read_history` and `read_windows`.
    choice : dict of str to str
        By slot, the source that its back-test preferred.
    settings : SourceSettings
    remember : callable
        Asked for what was learned before; see `memory.Memory`.

    Returns
    -------
    ServedSources
    """
    everything = read_history(events)
    # Without what came later, customers and products included.
    is_past = np.asarray(events["days_ago"]) > 0
    past = read_history({name: values[is_past] for name, values in events.items()})
    earlier = {
        window.number: window
        for window in read_windows(cutoffs, eligible, targets, past.product_count)
    }
    is_eligible, taught = np.zeros(everything.product_count, dtype=bool), None
    weights: dict[str, SlotModel | None] = dict.fromkeys(SLOTS)
    known = everything
    with threadpool_limits(limits=1):
        if HYBRID in choice.values():
            taught_by = [
                earlier[number]
                for number in range(TRAINING_WINDOWS, 0, -1)
                if number in earlier and len(earlier[number].customers)
            ]
            weights = remember(
                "weights of the hybrid", learn_weights, past, taught_by, settings
            )
        windows = read_windows(cutoffs, eligible, targets, everything.product_count)
        for now in windows if everything.customer_count else ():
            if now.number == NOW:
                is_eligible = now.is_eligible
                known = everything.before(now.days_ago)
                taught = remember(
                    "sources", teach, past, earlier[LEARNING].is_eligible, settings
                )
    popularity = popularity_of(known, settings)
    return ServedSources(choice, settings, is_eligible, popularity, weights, taught)


def serve(
    events: Columns,
    customers: np.ndarray,
    days_ago: np.ndarray,
    served: ServedSources,
    *,
    length: int,
    report: Callable[[str], None] = lambda message: None,
) -> Columns:
    """Rank products for customers as of now, by what was learned before.

    Parameters
    ----------
    events : dict of arrays
        Of these customers; see `read_history`.
    customers : int array of shape (n_customers,)
        Their numbers.
    days_ago : int array of shape (1,) or (0,)
        Days from now to the learning date; none where nothing is to be served.
    served : ServedSources
    length : int
        Products of a list.
    report : callable
        Told what is being worked on.

    Returns
    -------
    dict of arrays of shape (n_rows,)
        ``model`` (the chosen source), ``slot``, ``customer_number``, ``rank`` (from 1),
        ``product_number``, ``score`` (of the hybrid: the chance that the product is in
        the next basket, 0..1), ``source`` (which of SOURCES says most for it) and
        ``training_count`` (see `back_test`).

    Raises
    ------
    ValueError
        If the hybrid is chosen and cannot be learned: it was not there to be judged.
    """
    parts = [_served_rows(NOBODY, _NO_LIST, np.zeros(0, dtype=object))]
    own = read_history(events)
    history = replace(
        own,
        customer_count=max(own.customer_count, int(customers.max(initial=-1)) + 1),
        product_count=max(own.product_count, len(served.is_eligible)),
    )
    for days in days_ago if served.taught is not None else ():
        known = history.before(int(days))
        sources = Sources(
            *(known, served.is_eligible, served.settings),
            *(served.taught, served.popularity),
        )
        for part in _blocks(len(customers), known.product_count):
            started = time.monotonic()
            block = np.asarray(customers[part], dtype=np.int64)
            with threadpool_limits(limits=1):
                parts += _served_block(
                    sources, block, served.choice, served.weights, length
                )
            report(f"{len(block):,} customers in {time.monotonic() - started:.1f} s")
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def learn_weights(
    history: History, windows: Sequence[Window], settings: SourceSettings
) -> dict[str, SlotModel | None]:
    """Learn the weights of the hybrid from past windows.

    Parameters
    ----------
    history : History
        As of the learning date.
    windows : sequence of Window
        The latest last.
    settings : SourceSettings

    Returns
    -------
    dict of str to SlotModel or None
        By slot; None where there is too little to learn from.
    """
    return fitted([_lesson(history, window, settings) for window in windows])


def _served_block(
    sources: Sources,
    customers: np.ndarray,
    choice: dict[str, str],
    models: dict[str, SlotModel | None],
    length: int,
) -> list[Columns]:
    scores = sources.scores(customers)
    found = candidates(sources, customers, scores)
    parts = []
    for slot, own in found.items():
        if choice[slot] == HYBRID:
            model = models[slot]
            if model is None:
                raise ValueError(f"the hybrid of the slot {slot} cannot be learned")
            chosen, kept = _hybrid_list(slot, own, model, length)
            source = model.loudest_sources(own.features[kept], slot)
        else:
            mask = slot_masks(sources, customers)[slot]
            chosen = _source_list(scores, choice[slot], slot, mask, length)
            source = np.full(len(chosen.row), choice[slot], dtype=object)
        parts.append(_served_rows(customers, chosen, source))
    return parts


def _lesson(history: History, window: Window, settings: SourceSettings) -> Lesson:
    sources = Sources(history.before(window.days_ago), window.is_eligible, settings)
    taught = []
    for part in _blocks(len(window.customers), history.product_count):
        customers = window.customers[part]
        found = candidates(sources, customers, sources.scores(customers))
        taught.append(_with_truth(found, window.truth[part]))
    return _joined(taught)


def _blocks(customer_count: int, product_count: int) -> Iterator[slice]:
    step = max(1, BLOCK_ELEMENTS // max(product_count, 1))
    for start in range(0, customer_count, step):
        yield slice(start, start + step)


def _with_truth(found: dict[str, Candidates], truth: np.ndarray) -> Lesson:
    return {slot: (own, truth[own.row, own.product]) for slot, own in found.items()}


def _joined(
    taught: Sequence[Lesson],
) -> Lesson:
    """Join the blocks of one window; what row a candidate is of is not needed now."""
    joined = {}
    for slot in SLOTS:
        own = [part[slot] for part in taught]
        joined[slot] = (
            Candidates(
                np.concatenate([found.row for found, _ in own]),
                np.concatenate([found.product for found, _ in own]),
                np.concatenate([found.features for found, _ in own]),
            ),
            np.concatenate([truth for _, truth in own]),
        )
    return joined


def fitted(learned: Sequence[Lesson]) -> dict[str, SlotModel | None]:
    """Learn the weights of each slot from the last windows, the latest last."""
    last = learned[-TRAINING_WINDOWS:]
    return {slot: fit_slot([window[slot] for window in last]) for slot in SLOTS}


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


_NO_LIST = RankedList("", "", *(np.zeros(0, np.int64),) * 2, np.zeros(0))


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
        own = [_source_list(scores, name, slot, masks[slot], length) for slot in SLOTS]
        lists += [*own, _both_slots(own, length)]
    return lists


def _source_list(
    scores: dict[str, np.ndarray], name: str, slot: str, mask: np.ndarray, length: int
) -> RankedList:
    allowed = np.where(mask, scores[name], -np.inf)
    return RankedList(name, slot, *_best(allowed, length))


def _best(scores: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, product and score of the best of each row, equal ones by number."""
    count = min(length, scores.shape[1])
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
        _hybrid_list(slot, own, models[slot], length)[0]
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


def _hybrid_list(
    slot: str, own: Candidates, model: SlotModel, length: int
) -> tuple[RankedList, np.ndarray]:
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


def _list_rows(number: int, customers: np.ndarray, own: RankedList) -> Columns:
    count = len(own.row)
    return {
        "cutoff_number": np.full(count, number, dtype=np.int32),
        "source": np.full(count, own.source, dtype=object),
    } | _ranked_rows(customers, own)


def _served_rows(customers: np.ndarray, own: RankedList, source: np.ndarray) -> Columns:
    return {
        "model": np.full(len(own.row), own.source, dtype=object),
        "source": source,
    } | _ranked_rows(customers, own)


def _ranked_rows(customers: np.ndarray, own: RankedList) -> Columns:
    count = len(own.row)
    return {
        "slot": np.full(count, own.slot, dtype=object),
        "customer_number": np.asarray(customers)[own.row].astype(np.int64),
        "rank": _ranks(own.row).astype(np.int32),
        "product_number": own.product.astype(np.int64),
        "score": own.score.astype(np.float64).round(9),
        "training_count": np.full(count, own.training_count, dtype=np.int64),
    }
