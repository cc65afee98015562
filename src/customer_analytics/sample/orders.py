"""When customers order, what drives them away, and what each order is worth."""

from dataclasses import dataclass

import numpy as np

from customer_analytics.sample.people import GROUPS, People, group_values
from customer_analytics.sample.trading_calendar import (
    DEMAND,
    MINUTES_PER_DAY,
    Calendar,
    draw_minutes,
)

NO_RETURN, ONE_LINE, PART_OF_LINE, WHOLE_ORDER = range(4)
RETURN_KIND_BOUNDS = (0.45, 0.85)  # one line, part of a line, else the whole order
DROPOUT_FACTOR_AFTER_RETURN = 3.5
DROPOUT_FACTOR_AFTER_LONG_GAP = 2.5
LONG_GAP = 2.0  # in multiples of the customer's own mean gap
ORDER_VALUE_SIGMA = 0.5


@dataclass(frozen=True)
class Orders:
    """Orders in time order.

    Attributes
    ----------
    person : int array of shape (n,)
        Index into People.
    minute : int array of shape (n,)
        Minutes since the start of the period.
    value : float array of shape (n,)
        GBP the order aims at; packs and whole units move it.
    return_kind : int array of shape (n,)
        NO_RETURN, ONE_LINE, PART_OF_LINE or WHOLE_ORDER.
    """

    person: np.ndarray
    minute: np.ndarray
    value: np.ndarray
    return_kind: np.ndarray


def draw_orders(
    rng: np.random.Generator, people: People, calendar: Calendar
) -> tuple[Orders, np.ndarray]:
    """Run the purchase process of every person through the period.

    As in the BG/NBD model, an active customer orders at their own gamma-distributed
    rate and may leave for good after any order. Time runs with the season's demand,
    and leaving has reasons: something came back, or the order was long overdue.

    Parameters
    ----------
    rng : Generator
        Source of every draw.
    people : People
        Customers and guests.
    calendar : Calendar
        Demand and arrivals by day.

    Returns
    -------
    orders : Orders
    churn_day : int array of shape (people,)
        Day of the order after which the person left for good; -1 if active at the
        end of the period.
    """
    clock = _Clock(calendar, people.group)
    position = clock.draw_arrivals(rng)
    churn_day = np.full(people.group.size, -1)
    active = np.arange(people.group.size)
    gap_ratio = np.zeros(active.size)  # the first order has no gap
    history = []
    while active.size:
        day = clock.day(position, active)
        return_kind = _draw_return_kind(rng, people.group[active])
        history.append((active, day, return_kind))
        leaves = rng.random(active.size) < dropout_probability(
            people, active, return_kind != NO_RETURN, gap_ratio > LONG_GAP
        )
        churn_day[active[leaves]] = day[leaves]
        active, position = active[~leaves], position[~leaves]
        gap_ratio = rng.standard_exponential(active.size)
        position = position + gap_ratio / people.rate[active]
        within = position < clock.end
        active, position, gap_ratio = (
            active[within],
            position[within],
            gap_ratio[within],
        )

    columns = zip(*history, strict=True)
    person, day, return_kind = (np.concatenate(parts) for parts in columns)
    minute = day * MINUTES_PER_DAY + draw_minutes(rng, day.size)
    in_time_order = np.argsort(minute, kind="stable")
    person, minute = person[in_time_order], minute[in_time_order]
    noise = np.exp(ORDER_VALUE_SIGMA * rng.standard_normal(person.size))
    orders = Orders(
        person=person,
        minute=minute,
        value=people.median_value[person] * noise,
        return_kind=return_kind[in_time_order],
    )
    return orders, churn_day


def dropout_probability(
    people: People, person: np.ndarray, had_return: np.ndarray, was_late: np.ndarray
) -> np.ndarray:
    """Compute the probability, 0..1, of leaving for good after an order."""
    base = group_values("dropout")[people.group[person]]
    factor = people.dropout_factor[person]
    factor = np.where(had_return, factor * DROPOUT_FACTOR_AFTER_RETURN, factor)
    factor = np.where(was_late, factor * DROPOUT_FACTOR_AFTER_LONG_GAP, factor)
    # Who buys once and guests leave in any case, whatever their factor.
    return np.where(base == 1.0, 1.0, np.minimum(base * factor, 0.9))


def _draw_return_kind(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """Draw whether, and how, something of each order comes back."""
    has_return = rng.random(group.size) < group_values("return_rate")[group]
    kind = np.searchsorted(RETURN_KIND_BOUNDS, rng.random(group.size), side="right")
    return np.where(has_return, kind + ONE_LINE, NO_RETURN)


class _Clock:
    """Positions on each person's season-adjusted time line."""

    def __init__(self, calendar: Calendar, group: np.ndarray) -> None:
        self._arrivals = calendar.cumulative_arrivals
        demand = calendar.cumulative_demand
        self._day_count = demand.shape[1]
        self.end = demand[:, -1].min()
        # One search over all seasons: each lies on its own stretch of the line.
        self._stretch = self.end + 1.0
        offsets = np.arange(demand.shape[0])[:, None] * self._stretch
        self._bounds = (np.minimum(demand, self.end) + offsets).ravel()
        self._demand = demand
        seasons = list(DEMAND)
        self._season = np.array([seasons.index(g.season) for g in GROUPS])[group]
        self._orders_once = group_values("dropout")[group] == 1.0

    def draw_arrivals(self, rng: np.random.Generator) -> np.ndarray:
        """Draw everyone's first position."""
        drawn = rng.random(self._season.size)
        day = np.empty(self._season.size, dtype=np.int64)
        for once, season in np.ndindex(self._arrivals.shape[:2]):
            mine = (self._orders_once == once) & (self._season == season)
            day[mine] = np.searchsorted(
                self._arrivals[once, season], drawn[mine], side="right"
            )
        start = np.where(day > 0, self._demand[self._season, day - 1], 0.0)
        width = self._demand[self._season, day] - start
        return start + rng.random(self._season.size) * width * 0.999

    def day(self, position: np.ndarray, person: np.ndarray) -> np.ndarray:
        """Find the day of each position."""
        season = self._season[person]
        found = np.searchsorted(
            self._bounds, position + season * self._stretch, side="right"
        )
        return np.minimum(found - season * self._day_count, self._day_count - 1)
