"""What makes the lines a real shop's: fees, returns, errors, bookings, duplicates."""

import numpy as np

from customer_analytics.sample.catalogue import Catalogue
from customer_analytics.sample.ledger import Ledger
from customer_analytics.sample.lines import Lines, make_lines
from customer_analytics.sample.orders import (
    NO_RETURN,
    PART_OF_LINE,
    WHOLE_ORDER,
    Orders,
)
from customer_analytics.sample.people import COUNTRIES, People
from customer_analytics.sample.trading_calendar import (
    MINUTES_PER_DAY,
    Calendar,
    draw_minutes,
)

NOBODY = -1
MEAN_DAYS_TO_RETURN = 9.0
GIANT_QUANTITIES = (74_016, 61_440)
MINUTES_TO_CANCEL_GIANT = 14
DUPLICATE_SHARE = 0.006  # of lines are entered twice on their invoice
OVERLAP_DAYS = 7  # stand both in the first year's sheet and in the second's
FIRST_SHEET_DAYS = 366
UNMATCHED_RETURN_SHARE = 0.04  # of the customers of the first weeks
DISCOUNT_SHARE = 0.002  # of orders
BOOKINGS = {  # per line sold: code -> share, price range, sign of the quantity
    "BANK CHARGES": (0.0001, 5.0, 60.0, 1),
    "AMAZONFEE": (0.0001, 1_000.0, 9_000.0, -1),
    "S": (0.0001, 5.0, 90.0, -1),
    "ADJUST": (0.0001, 10.0, 300.0, 1),
    "TEST001": (0.00006, 4.5, 4.5, 1),
    "gift_0001_20": (0.00008, 16.67, 20.0, 1),
}


def steady_products(catalogue: Catalogue) -> np.ndarray:
    """List the products on sale all through the period."""
    return np.flatnonzero(catalogue.available.all(axis=0))


def add_fees(
    rng: np.random.Generator,
    ledger: Ledger,
    orders: Orders,
    people: People,
    catalogue: Catalogue,
    is_guest: np.ndarray,
) -> None:
    """Add postage, carriage, manual lines and free gifts to orders."""
    country = people.country[orders.person]
    drawn = rng.random(country.size)
    is_irish = country == COUNTRIES.index("EIRE")
    is_abroad = (country != COUNTRIES.index("United Kingdom")) & ~is_irish
    chosen = {
        "POST": is_abroad & (drawn < 0.5),
        "C2": is_irish & (drawn < 0.4),
        "DOT": is_guest & (drawn < 0.03),
        "M": drawn > 0.995,
    }
    prices = {
        "POST": np.array([15.0, 18.0, 28.0, 40.0]),
        "C2": np.array([50.0]),
        "DOT": np.round(np.exp(4.8 + 0.7 * rng.standard_normal(200)), 2),
        "M": np.round(np.exp(2.5 + 1.0 * rng.standard_normal(200)), 2),
    }
    for code, is_chosen in chosen.items():
        order = np.flatnonzero(is_chosen)
        price = prices[code][rng.integers(0, prices[code].size, size=order.size)]
        line = {"code": catalogue.other[code], "quantity": 1, "price": price}
        ledger.add(make_lines(order, "fee", **line))

    order = np.flatnonzero((drawn > 0.5) & (drawn < 0.502))
    steady = steady_products(catalogue)
    gift = steady[rng.integers(0, steady.size, size=order.size)]
    line = {"code": gift, "product": gift, "quantity": 1, "price": 0.0}
    ledger.add(make_lines(order, "free_gift", **line))


def add_returns(
    rng: np.random.Generator,
    ledger: Ledger,
    orders: Orders,
    sales: Lines,
    calendar: Calendar,
) -> None:
    """Cancel what the orders' return kinds say, some days later.

    Returns due after the end of the period are left out, as the data would.
    """
    day_count = calendar.month.size
    delay = 1 + (MEAN_DAYS_TO_RETURN * rng.standard_exponential(orders.person.size))
    day = orders.minute // MINUTES_PER_DAY + delay.astype(np.int64)
    day = calendar.next_open_day[np.minimum(day, day_count)]
    order = np.flatnonzero((orders.return_kind != NO_RETURN) & (day < day_count))
    minute = day[order] * MINUTES_PER_DAY + draw_minutes(rng, order.size)
    document = ledger.open(orders.person[order], minute, "C")

    start = np.searchsorted(sales.document, order)
    line_count = np.searchsorted(sales.document, order, side="right") - start
    picked = (rng.random(order.size) * line_count).astype(np.int64)
    is_whole = orders.return_kind[order] == WHOLE_ORDER
    first = start + np.where(is_whole, 0, picked)
    taken = np.where(is_whole, line_count, 1)
    position = np.arange(taken.sum()) - np.repeat(np.cumsum(taken) - taken, taken)
    returned = sales.take(np.repeat(first, taken) + position)

    is_part = np.repeat(orders.return_kind[order] == PART_OF_LINE, taken)
    share = rng.random(is_part.size)
    part = 1 + (share * (returned.quantity - 1)).astype(np.int64)
    ledger.add(
        make_lines(
            np.repeat(document, taken),
            "return",
            code=returned.product,
            description=returned.description,
            product=returned.product,
            quantity=-np.where(is_part, part, returned.quantity),
            price=returned.price,
        )
    )


def add_giants(
    rng: np.random.Generator,
    ledger: Ledger,
    orders: Orders,
    people: People,
    catalogue: Catalogue,
) -> None:
    """Add mistyped orders of enormous size, cancelled within the hour."""
    quantity = np.array(GIANT_QUANTITIES)
    known = np.flatnonzero(orders.person < people.known_count)
    order = known[rng.integers(0, known.size, size=quantity.size)]
    person, minute = orders.person[order], orders.minute[order] + 5
    steady = steady_products(catalogue)
    cheap = steady[catalogue.usual_price[steady] < 2.0]
    line = _product_line(catalogue, cheap[rng.integers(0, cheap.size, quantity.size)])
    sold = ledger.open(person, minute, "")
    ledger.add(make_lines(sold, "giant_sale", quantity=quantity, **line))
    taken_back = ledger.open(person, minute + MINUTES_TO_CANCEL_GIANT, "C")
    ledger.add(make_lines(taken_back, "giant_return", quantity=-quantity, **line))


def add_unmatched_returns(
    rng: np.random.Generator,
    ledger: Ledger,
    orders: Orders,
    people: People,
    catalogue: Catalogue,
    calendar: Calendar,
) -> None:
    """Take back what was sold before the period.

    That no sale matches is certain only before a customer's first order in it.
    """
    person, first_order = np.unique(orders.person, return_index=True)
    first_day = orders.minute[first_order] // MINUTES_PER_DAY
    day = calendar.next_open_day[first_day // 2]
    is_fit = (person < people.known_count) & (first_day < 90) & (day < first_day)
    fit = np.flatnonzero(is_fit)
    chosen = rng.permutation(fit)[: 4 + int(fit.size * UNMATCHED_RETURN_SHARE)]
    minute = day[chosen] * MINUTES_PER_DAY + draw_minutes(rng, chosen.size)
    steady = steady_products(catalogue)
    line = _product_line(catalogue, steady[rng.integers(0, steady.size, chosen.size)])
    document = ledger.open(person[chosen], minute, "C")
    quantity = -rng.integers(1, 7, size=chosen.size)
    ledger.add(make_lines(document, "unmatched_return", quantity=quantity, **line))


def add_discounts(
    rng: np.random.Generator,
    ledger: Ledger,
    orders: Orders,
    people: People,
    catalogue: Catalogue,
) -> None:
    """Credit some known customers an amount just after an order."""
    is_chosen = rng.random(orders.person.size) < DISCOUNT_SHARE
    order = np.flatnonzero(is_chosen & (orders.person < people.known_count))
    document = ledger.open(orders.person[order], orders.minute[order] + 3, "C")
    amount = np.round(5.0 + 60.0 * rng.random(order.size), 2)
    line = {"code": catalogue.other["D"], "quantity": -1, "price": amount}
    ledger.add(make_lines(document, "discount", **line))


def add_stock_corrections(
    rng: np.random.Generator,
    ledger: Ledger,
    catalogue: Catalogue,
    calendar: Calendar,
    *,
    sale_line_count: int,
) -> None:
    """Write off goods and book found ones, at no price and with a note for a name."""
    steady = steady_products(catalogue)
    for kind, lines_per_row, sign in (("write_off", 300, -1), ("zero_price", 800, 1)):
        count = 3 + sale_line_count // lines_per_row
        document = ledger.open(NOBODY, _booking_minutes(rng, calendar, count), "")
        product = steady[rng.integers(0, steady.size, count)]
        line = {"code": product, "product": product, "price": 0.0}
        line["description"] = rng.permutation(np.resize(catalogue.note_ids, count))
        units = 1 + np.round(12 * rng.standard_exponential(count)).astype(np.int64)
        ledger.add(make_lines(document, kind, quantity=sign * units, **line))


def add_bookings(
    rng: np.random.Generator,
    ledger: Ledger,
    catalogue: Catalogue,
    calendar: Calendar,
    *,
    sale_line_count: int,
) -> None:
    """Add what the shop books itself: charges, tests, vouchers and bad debt."""
    for code, (share, low, high, sign) in BOOKINGS.items():
        count = 2 + int(sale_line_count * share)
        minute = _booking_minutes(rng, calendar, count)
        document = ledger.open(NOBODY, minute, "C" if sign < 0 else "")
        price = np.round(low + (high - low) * rng.random(count), 2)
        line = {"code": catalogue.other[code], "quantity": sign, "price": price}
        ledger.add(make_lines(document, "booking", **line))

    minute = np.sort(_booking_minutes(rng, calendar, 3))
    debt = np.round(4_000.0 + 8_000.0 * rng.random(), 2)
    line = {"code": catalogue.other["B"], "quantity": 1}
    # Booked by mistake with the wrong sign, then twice the right way round.
    line["price"] = np.array([debt, -debt, -debt])
    ledger.add(make_lines(ledger.open(NOBODY, minute, "A"), "bad_debt", **line))


def _product_line(catalogue: Catalogue, product: np.ndarray) -> dict[str, np.ndarray]:
    price = catalogue.usual_price[product]
    return {"code": product, "product": product, "price": price}


def _booking_minutes(
    rng: np.random.Generator, calendar: Calendar, count: int
) -> np.ndarray:
    # The last days may be closed, with no open day after them.
    day = rng.integers(0, calendar.month.size - 14, size=count)
    return calendar.next_open_day[day] * MINUTES_PER_DAY + draw_minutes(rng, count)


def duplicate_rows(
    rng: np.random.Generator, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Order the rows as two yearly sheets that overlap, with some lines entered twice.

    Parameters
    ----------
    rng : Generator
        Source of every draw.
    day : int array of shape (n,)
        Day of each distinct line, rising.

    Returns
    -------
    rows : int array
        Index of the line in each row of the file.
    is_copy : bool array
        Whether the same row stands earlier in the file.
    """
    rows = np.repeat(np.arange(day.size), 1 + (rng.random(day.size) < DUPLICATE_SHARE))
    day = day[rows]
    first_sheet = rows[day < FIRST_SHEET_DAYS]
    second_sheet = rows[day >= FIRST_SHEET_DAYS - OVERLAP_DAYS]
    is_overlap = day[day >= FIRST_SHEET_DAYS - OVERLAP_DAYS] < FIRST_SHEET_DAYS
    rows = np.concatenate([first_sheet, second_sheet])
    is_copy = np.append(False, rows[1:] == rows[:-1])
    is_copy[first_sheet.size :] |= is_overlap
    return rows, is_copy
