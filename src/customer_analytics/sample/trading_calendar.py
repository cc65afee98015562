"""The trading calendar: open days, seasons, growth and hours of the day."""

from dataclasses import dataclass
from datetime import date

import numpy as np

DAY_COUNT = 731
MINUTES_PER_DAY = 1440
DEMAND = {  # by calendar month, January first
    "regular": (0.85, 0.9, 0.95, 0.95, 1.0, 0.95, 0.85, 0.8, 1.1, 1.25, 1.5, 1.15),
    "gifts": (0.1, 0.1, 0.15, 0.15, 0.2, 0.1, 0.1, 0.1, 0.25, 0.7, 4.8, 4.8),
}
WEEKDAY_DEMAND = np.array([1.0, 1.1, 1.1, 1.2, 0.95, 0.0, 0.6])  # Monday first
HOUR_DEMAND = np.array([0.3, 0.7, 1.0, 1.2, 1.5, 1.4, 1.2, 1.1, 0.7, 0.4, 0.2, 0.15])
OPENING_HOUR = 8
EARLY_MEAN_DAYS = 40.0
# Of those who come again, the share that had come before the period; who buys gifts
# shows up in the first Christmas season in any case.
EARLY_SHARES = {"regular": 0.45, "gifts": 0.0}


@dataclass(frozen=True)
class Calendar:
    """Day by day tables of the period; days count from its first day.

    Attributes
    ----------
    first_day : datetime64[D]
        First day of the period.
    cumulative_demand : float array of shape (seasons, days)
        Demand from the start to the end of each day; one unit per average day.
    cumulative_arrivals : float array of shape (2, seasons, days)
        Share of the customers whose first order is not later than the day: of those
        who may come again, and of those who order once.
    month : int array of shape (days,)
        Months since the first.
    calendar_months : int array of shape (months,)
        Calendar month, 1..12.
    next_open_day : int array of shape (days + 1,)
        The day itself, or the next one with trade; the length of the period if
        there is none.
    """

    first_day: np.datetime64
    cumulative_demand: np.ndarray
    cumulative_arrivals: np.ndarray
    month: np.ndarray
    calendar_months: np.ndarray
    next_open_day: np.ndarray


def make_calendar(first_date: date, day_count: int = DAY_COUNT) -> Calendar:
    """Build the calendar of ``day_count`` days from ``first_date``."""
    first_day = np.datetime64(first_date, "D")
    days = first_day + np.arange(day_count)
    months = days.astype("datetime64[M]").astype(int)
    calendar_month = months % 12
    day_of_month = (days - days.astype("datetime64[M]")).astype(int) + 1
    weekday = (days.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    is_closed = ((calendar_month == 11) & (day_of_month >= 24)) | (
        (calendar_month == 0) & (day_of_month <= 2)
    )
    demand = np.array([DEMAND[name] for name in DEMAND])[:, calendar_month]
    demand = demand * WEEKDAY_DEMAND[weekday] * ~is_closed
    demand /= demand.mean(axis=1, keepdims=True)

    growth = 1.0 + 0.4 * np.arange(day_count) / day_count
    new_arrivals = demand * growth
    # Customers won before the period show up with their first order in it.
    early = demand * np.exp(-np.arange(day_count) / EARLY_MEAN_DAYS)
    early *= new_arrivals.sum(axis=1, keepdims=True) / early.sum(axis=1, keepdims=True)
    share = np.array([EARLY_SHARES[name] for name in DEMAND])[:, None]
    returning = share * early + (1 - share) * new_arrivals
    arrivals = np.cumsum(np.stack([returning, new_arrivals]), axis=2)

    open_days = np.flatnonzero(demand[0] > 0)
    following = np.searchsorted(open_days, np.arange(day_count + 1))
    return Calendar(
        first_day=first_day,
        cumulative_demand=np.cumsum(demand, axis=1),
        cumulative_arrivals=arrivals / arrivals[:, :, -1:],
        month=months - months[0],
        calendar_months=np.unique(months) % 12 + 1,
        next_open_day=np.append(open_days, day_count)[following],
    )


def draw_minutes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draw minutes since midnight within the opening hours, most around midday."""
    bounds = np.cumsum(HOUR_DEMAND) / HOUR_DEMAND.sum()
    hour = np.searchsorted(bounds[:-1], rng.random(count), side="right")
    return (OPENING_HOUR + hour) * 60 + rng.integers(0, 60, size=count)
