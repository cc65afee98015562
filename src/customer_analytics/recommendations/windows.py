"""Dates of the past: what was known at them, and what customers bought next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from duckdb import DuckDBPyRelation

from customer_analytics.recommendations.history import History
from customer_analytics.recommendations.hybrid import SLOTS, Candidates, candidates
from customer_analytics.recommendations.sources import Sources, SourceSettings

Columns = dict[str, np.ndarray]
# Of a dense matrix of customers: bounds the memory of scoring.
BLOCK_ELEMENTS = 2_000_000
# Windows before a date that the hybrid's weights are learned from.
TRAINING_WINDOWS = 2
# By slot: the candidates, and whether each was in the next basket.
Lesson = dict[str, tuple[Candidates, np.ndarray]]


@dataclass(frozen=True)
class Scored:
    """Some customers of a window, and all that is known of what they may want.

    Attributes
    ----------
    sources : Sources
    customers : int array of shape (n_customers,)
    scores : dict of arrays
        See `Sources.scores`.
    found : dict of str to Candidates
        By slot.
    truth : bool array of shape (n_customers, n_products)
    """

    sources: Sources
    customers: np.ndarray
    scores: dict[str, np.ndarray]
    found: dict[str, Candidates]
    truth: np.ndarray

    def lesson(self) -> Lesson:
        """Return what the hybrid learns from them."""
        return {
            slot: (own, self.truth[own.row, own.product])
            for slot, own in self.found.items()
        }


# Not compared: one of them is told from others by being another.
@dataclass(frozen=True, eq=False)
class Window:
    """What was known at a date of the past, and what customers bought first after it.

    It is the same whenever it is looked back on, however much has come since.

    Attributes
    ----------
    history : History
        As of the date.
    is_eligible : bool array of shape (n_products,)
    customers : int array of shape (n_customers,)
        Who bought after it, within the horizon; sorted, some of them at most.
    truth : bool array of shape (n_customers, n_products)
        What was in their next basket, of what was known.
    settings : SourceSettings
    """

    history: History
    is_eligible: np.ndarray
    customers: np.ndarray
    truth: np.ndarray
    settings: SourceSettings

    @cached_property
    def lesson(self) -> Lesson:
        """What the hybrid learns from it; `learn` may have set it on another way."""
        return joined([part.lesson() for part in self.scored()])

    def learn(self, lesson: Lesson) -> None:
        """Keep what was worked out along the way."""
        vars(self)["lesson"] = lesson

    def scored(self) -> Iterator[Scored]:
        """Yield the customers in blocks."""
        sources = Sources(self.history, self.is_eligible, self.settings)
        for part in blocks(len(self.customers), sources.width):
            customers = self.customers[part]
            scores = sources.scores(customers)
            found = candidates(sources, customers, scores)
            yield Scored(sources, customers, scores, found, self.truth[part])


def blocks(customer_count: int, width: int) -> Iterator[slice]:
    """Yield so many customers at a time that rows of a width stay within bounds."""
    step = max(1, BLOCK_ELEMENTS // max(width, 1))
    for start in range(0, customer_count, step):
        yield slice(start, start + step)


def joined(lessons: Sequence[Lesson]) -> Lesson:
    """Join the blocks of one window; what row a candidate is of is not needed now."""
    whole = {}
    for slot in SLOTS:
        own = [lesson[slot] for lesson in lessons]
        columns = (
            np.concatenate([getattr(found, name) for found, _ in own])
            for name in ("row", "product", "features")
        )
        whole[slot] = (
            Candidates(*columns),
            np.concatenate([truth for _, truth in own]),
        )
    return whole


class Dates:
    """All dates at which recommendations are made or judged.

    Parameters
    ----------
    events : dict of arrays of shape (n_events,)
        ``customer_number``, ``product_number``, ``order_number`` and ``days_ago`` (to
        the learning date), sorted by customer and order. Who or what came later has a
        higher number.
    cutoffs : dict of arrays of shape (n_cutoffs,)
        ``cutoff_number`` (0 for the as-of date, -1 for the learning date, from 1 into
        the past), ``cutoff_date``, ``days_ago`` and ``is_test`` (whether lists are
        judged at it).
    eligible : dict of arrays
        ``cutoff_number`` and ``product_number`` of what could be recommended.
    targets : dict of arrays
        ``cutoff_number``, ``customer_number`` and ``product_number`` of what was bought
        next.
    settings : SourceSettings
    horizon_days : int
        After which the outcome of a date is known.
    """

    def __init__(
        self,
        events: Columns,
        cutoffs: Columns,
        eligible: Columns,
        targets: Columns,
        *,
        settings: SourceSettings,
        horizon_days: int,
    ) -> None:
        self.history = read_history(events)
        self.names = {
            int(number): str(date)[:10]
            for number, date in zip(
                cutoffs["cutoff_number"], cutoffs["cutoff_date"], strict=True
            )
        }
        self._days_ago = dict(
            zip(self.names, cutoffs["days_ago"].tolist(), strict=True)
        )
        judged = set(np.unique(targets["cutoff_number"]).tolist())
        self._judged = sorted(judged & self.names.keys(), reverse=True)
        is_test = dict(zip(self.names, cutoffs["is_test"].tolist(), strict=True))
        # The latest last: what a window teaches is used by the dates after it.
        self.tests = [number for number in self._judged if is_test[number]]
        self._eligible, self._targets = eligible, targets
        self.settings, self._horizon_days = settings, horizon_days
        self._windows: dict[int, Window] = {}

    def window(self, number: int) -> Window:
        """Return what was known at a date; without customers where nothing followed."""
        if number not in self._windows:
            self._windows[number] = self._window(number)
        return self._windows[number]

    def _window(self, number: int) -> Window:
        known = self.history.before(self._days_ago[number])
        offered = _own(self._eligible, "product_number", number)
        is_eligible = np.zeros(known.product_count, dtype=bool)
        is_eligible[offered[offered < known.product_count]] = True
        customers, row = np.unique(
            _own(self._targets, "customer_number", number), return_inverse=True
        )
        product = _own(self._targets, "product_number", number)
        is_known = product < known.product_count
        truth = np.zeros((len(customers), known.product_count), dtype=bool)
        truth[row[is_known], product[is_known]] = True
        return Window(
            known, is_eligible, customers.astype(np.int64), truth, self.settings
        )

    def teachers(self, number: int) -> list[int]:
        """Return the last dates whose outcome was known at one, the latest last."""
        least = self._days_ago[number] + self._horizon_days
        over = [other for other in self._judged if self._days_ago[other] >= least]
        return over[-TRAINING_WINDOWS:]


def read_dates(
    events: DuckDBPyRelation,
    cutoffs: DuckDBPyRelation,
    eligible: DuckDBPyRelation,
    targets: DuckDBPyRelation,
    *,
    settings: SourceSettings,
    horizon_days: int,
) -> Dates:
    """Read the tables that `Dates` are made of, in order."""
    orders = {
        cutoffs: "cutoff_number",
        eligible.project("cutoff_number, product_number"): (
            "cutoff_number, product_number"
        ),
        targets: "cutoff_number, customer_number, product_number",
    }
    return Dates(
        read_events(events),
        *(table.order(columns).fetchnumpy() for table, columns in orders.items()),
        settings=settings,
        horizon_days=horizon_days,
    )


def read_events(events: DuckDBPyRelation) -> Columns:
    """Read the events table in the order that `read_history` wants."""
    return events.order("customer_number, order_number, product_number").fetchnumpy()


def read_history(events: Columns) -> History:
    """Make a history of the rows of the events table, as of the learning date.

    Parameters
    ----------
    events : dict of arrays of shape (n_events,)
        See `Dates`.

    Returns
    -------
    History
    """
    customer, product, order, days_ago = (
        np.asarray(events[name], dtype=np.int32)
        for name in ("customer_number", "product_number", "order_number", "days_ago")
    )
    counts = (int(numbers.max(initial=-1)) + 1 for numbers in (customer, product))
    return History(customer, product, order, days_ago, *counts)


def _own(table: Columns, column: str, number: int) -> np.ndarray:
    return np.asarray(table[column][table["cutoff_number"] == number], dtype=np.int64)
