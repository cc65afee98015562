"""What is recommended: by every source at past dates, and to everybody today."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.memory import Remember, anew
from customer_analytics.recommendations.hybrid import (
    SLOTS,
    SlotModel,
    candidates,
    fit_slot,
)
from customer_analytics.recommendations.ranking import (
    HYBRID,
    NO_ROWS,
    Columns,
    below,
    hybrid_list,
    hybrid_lists,
    slot_masks,
    source_list,
    source_lists,
)
from customer_analytics.recommendations.sources import (
    SOURCES,
    Popularity,
    Sources,
    SourceSettings,
    Taught,
    popularity_of,
    teach,
)
from customer_analytics.recommendations.windows import (
    Dates,
    Window,
    blocks,
    joined,
    read_history,
)

# Numbers of the dates that have no outcome.
NOW, LEARNING = 0, -1
Models = dict[str, SlotModel | None]


def back_test(
    dates: Dates,
    *,
    length: int,
    remember: Remember = anew,
    remember_weights: Remember = anew,
    report: Callable[[str], None] = lambda message: None,
) -> Columns:
    """Rank products at past dates by every source and by the hybrid.

    Each date knows only what was ordered before it; the hybrid's weights come from the
    windows before it, which had ended by then. So what was said at a date stays as it
    is, and a later build learns of later dates alone.

    Parameters
    ----------
    dates : Dates
    length : int
        Products of a list.
    remember, remember_weights : callable
        Asked for the lists and the weights of a date; see `memory.Memory`.
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
    parts = [{"cutoff_number": np.zeros(0, np.int32)} | NO_ROWS]
    with threadpool_limits(limits=1):
        for number in dates.tests:
            started = time.monotonic()
            name, window = dates.names[number], dates.window(number)
            models = weights_at(dates, number, remember_weights)
            own = remember(f"lists at {name}", lists_at, window, models, length)
            parts.append(
                {"cutoff_number": np.full(len(own["rank"]), number, np.int32)} | own
            )
            report(
                f"{name}: {len(window.customers):,} customers in "
                f"{time.monotonic() - started:.1f} s"
            )
        # What will serve is learned here too, where the lessons are at hand.
        if dates.tests:
            weights_at(dates, LEARNING, remember_weights)
    return below(parts)


def weights_at(dates: Dates, number: int, remember: Remember) -> Models:
    """Return the weights of the hybrid as they could be known at a date.

    Parameters
    ----------
    dates : Dates
    number : int
        Of the date.
    remember : callable

    Returns
    -------
    dict of str to SlotModel or None
        By slot; None where there is too little to learn from.
    """
    teachers = dates.teachers(number)
    names = " and ".join(dates.names[teacher] for teacher in teachers)
    windows = [dates.window(teacher) for teacher in teachers]
    return remember(f"weights taught at {names}", learn_weights, windows)


def learn_weights(windows: Sequence[Window]) -> Models:
    """Learn the weights of the hybrid from past windows.

    Parameters
    ----------
    windows : sequence of Window

    Returns
    -------
    dict of str to SlotModel or None
        By slot; None where there is too little to learn from.
    """
    return {
        slot: fit_slot([window.lesson[slot] for window in windows]) for slot in SLOTS
    }


def lists_at(window: Window, models: Models, length: int) -> Columns:
    """Rank products for the customers of a window by every source and by the hybrid.

    Parameters
    ----------
    window : Window
    models : dict of str to SlotModel or None
        The hybrid's weights as of the date.
    length : int

    Returns
    -------
    dict of arrays of shape (n_rows,)
        See `back_test`.
    """
    parts, lessons = [NO_ROWS], []
    for block in window.scored():
        lists = source_lists(block.sources, block.customers, block.scores, length)
        lists += hybrid_lists(block.found, models, length)
        parts += [own.rows(block.customers) for own in lists]
        lessons.append(block.lesson())
    window.learn(joined(lessons))
    return below(parts)


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
    weights: Models
    taught: Taught | None


def served_sources(
    dates: Dates, choice: dict[str, str], *, remember: Remember = anew
) -> ServedSources:
    """Learn from the orders of everybody before the learning date.

    Parameters
    ----------
    dates : Dates
    choice : dict of str to str
        By slot, the source that its back-test preferred.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.

    Returns
    -------
    ServedSources
    """
    weights: Models = dict.fromkeys(SLOTS)
    if not dates.history.customer_count:
        none = popularity_of(dates.history, dates.settings)
        is_none = np.zeros(0, dtype=bool)
        return ServedSources(choice, dates.settings, is_none, none, weights, None)
    past, now = dates.window(LEARNING), dates.window(NOW)
    with threadpool_limits(limits=1):
        if HYBRID in choice.values():
            weights = weights_at(dates, LEARNING, remember)
        taught = remember(
            "sources", teach, past.history, past.is_eligible, past.settings
        )
    popularity = popularity_of(now.history, now.settings)
    return ServedSources(
        choice, now.settings, now.is_eligible, popularity, weights, taught
    )


def serve(
    events: Columns,
    days_ago: np.ndarray,
    served: ServedSources,
    *,
    length: int,
    report: Callable[[str], None] = lambda message: None,
) -> Iterator[Columns]:
    """Rank products for customers as of now, by what was learned before.

    Parameters
    ----------
    events : dict of arrays
        Of all customers or of some; see `Dates`.
    days_ago : int array of shape (1,) or (0,)
        Days from now to the learning date; none where nothing is to be served.
    served : ServedSources
    length : int
        Products of a list.
    report : callable
        Told what is being worked on.

    Yields
    ------
    dict of arrays of shape (n_rows,)
        Of some customers at a time: ``model`` (the chosen source), ``slot``,
        ``customer_number``, ``rank`` (from 1), ``product_number``, ``score`` (of the
        hybrid: the chance that the product is in the next basket, 0..1), ``source``
        (which of SOURCES says most for it) and ``training_count`` (see `back_test`).

    Raises
    ------
    ValueError
        If the hybrid is chosen and cannot be learned: it was not there to be judged.
    """
    yield {"model": NO_ROWS["source"]} | NO_ROWS
    for days in days_ago if served.taught is not None else ():
        known = read_history(events).before(int(days))
        # Who is asked for may have bought nothing yet of what all others have.
        width = max(known.product_count, len(served.is_eligible))
        known = replace(known, product_count=width)
        customers = np.unique(known.customer)
        sources = Sources(
            *(known, served.is_eligible, served.settings),
            *(served.taught, served.popularity),
        )
        for part in blocks(len(customers), sources.width):
            started = time.monotonic()
            block = customers[part].astype(np.int64)
            with threadpool_limits(limits=1):
                yield _served_block(
                    sources, block, served.choice, served.weights, length
                )
            report(f"{len(block):,} customers in {time.monotonic() - started:.1f} s")


def _served_block(
    sources: Sources,
    customers: np.ndarray,
    choice: dict[str, str],
    models: Models,
    length: int,
) -> Columns:
    is_hybrid = HYBRID in choice.values()
    asked = SOURCES if is_hybrid else set(choice.values())
    scores = sources.scores(customers, asked)
    found = candidates(sources, customers, scores) if is_hybrid else {}
    masks = slot_masks(sources, customers)
    parts = []
    for slot in SLOTS:
        if choice[slot] == HYBRID:
            model = models[slot]
            if model is None:
                raise ValueError(f"the hybrid of the slot {slot} cannot be learned")
            chosen, kept = hybrid_list(slot, found[slot], model, length)
            source = model.loudest_sources(found[slot].features[kept], slot)
            told = {"source": source}
        else:
            name = choice[slot]
            chosen = source_list(sources, scores, name, slot, masks[slot], length)
            told = {}
        rows = chosen.rows(customers)
        parts.append({"model": rows["source"]} | rows | told)
    return below(parts)
