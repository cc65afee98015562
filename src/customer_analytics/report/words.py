"""Numbers as they are read: counts with their noun, amounts, shares, dates, lists."""

import datetime
from collections.abc import Sequence

NO_PRICES = "The order log says no prices, so what customers bring is not known."
MILLION, BILLION = 1_000_000, 1_000_000_000
# A space that no line ends at.
FIXED = "\N{NO-BREAK SPACE}"
# Unlike a hyphen, no line ends after it.
MINUS = "\N{MINUS SIGN}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun, such as '1 customer' or '2,000 customers'.

    Parameters
    ----------
    count : int
        0 or more.
    noun : str
        In the singular.
    plural : str, optional
        Where it is not the noun and an s.
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def amount(value: float, currency: str) -> str:
    """Return an amount to three digits, or whole units: 'GBP 1.23 million', 'GBP 420'.

    Parameters
    ----------
    value : float
        The amount; a negative one gets a minus sign before the currency, and one that
        is not known, NaN or None, is 'an unknown amount'.
    currency : str
        Name of the currency; empty where it is not known.
    """
    if value is None or value != value:
        return "an unknown amount"
    size = abs(value)
    if size >= 0.9995 * BILLION:
        text = f"{_three_digits(size / BILLION)}{FIXED}billion"
    elif size >= 0.9995 * MILLION:
        text = f"{_three_digits(size / MILLION)}{FIXED}million"
    elif size >= 100_000:
        text = f"{round(size / 1000):,},000"
    elif size >= 10_000:
        text = f"{round(size / 100) * 100:,}"
    else:
        text = f"{size:,.0f}"
    sign = MINUS if value < 0 and text != "0" else ""
    return f"{sign}{currency}{FIXED}{text}" if currency else f"{sign}{text}"


def share(value: float) -> str:
    """Return a share of 0 to 1 in percent; what is small or nearly all keeps that.

    0.234 is '23 %', 0.004 'under 1 %', 0.9999 'over 99 %', and 0 '0 %'.
    """
    if 0 < value < 0.01:
        return f"under 1{FIXED}%"
    if 0.99 < value < 1:
        return f"over 99{FIXED}%"
    return f"{100 * value:.0f}{FIXED}%"


def between(values: Sequence[float]) -> str:
    """Return the least and the greatest of shares: '43 % to 62 %', or '43 %'."""
    low, high = share(min(values)), share(max(values))
    return low if low == high else f"{low} to {high}"


def change(value: float) -> str:
    """Return a relative change in words: 0.12 is '12 % more than'."""
    if abs(value) < 0.005:
        return "as much as"
    return f"{share(abs(value))} {'more' if value > 0 else 'less'} than"


def out_of_hundred(value: float) -> str:
    """Return a share as a number out of a hundred: 0.774 is '77 out of 100'."""
    return f"{100 * value:.0f} out of 100"


def date(value: datetime.date) -> str:
    """Return a date as '9 December 2011', the same in every locale."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: datetime.date) -> str:
    """Return a month as 'December 2011', the same in every locale."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def listed(items: Sequence[str]) -> str:
    """Return items as 'a', 'a and b' or 'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def product(name: str) -> str:
    """Return a product's name; one that is all in capitals gets them at words only."""
    return name.title() if name.isupper() else name


def _three_digits(value: float) -> str:
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f}"


MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
