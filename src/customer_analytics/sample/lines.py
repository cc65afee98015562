"""The lines of the orders: which products, how many, at what price."""

from dataclasses import dataclass, fields

import numpy as np

from customer_analytics.sample.catalogue import SLOT_COUNT, Catalogue
from customer_analytics.sample.orders import Orders
from customer_analytics.sample.people import People, group_values
from customer_analytics.sample.trading_calendar import MINUTES_PER_DAY, Calendar

LINE_KINDS = (
    *("sale", "free_gift", "fee", "giant_sale", "return", "giant_return"),
    *("unmatched_return", "discount", "write_off", "zero_price", "booking", "bad_debt"),
)
KIND = {name: index for index, name in enumerate(LINE_KINDS)}
FAMILY_SHARE = 0.25
LEAST_FAMILY_SLOTS = SLOT_COUNT // 40
BUNDLE_SHARE = 0.3  # of the orders hold a planted bundle
MOST_LINES_PER_ORDER = 250
MOST_UNITS_PER_LINE = 4800
PACKS = np.array(
    [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 18, 20, 24, 30, 36, 48, 60, 72, 96, 100, 120]
    + [144, 192, 200, 240, 288, 360, 480, 576, 600, 720, 960, 1200, 1440, 1800, 2400]
    + [3600, 4800]
)


@dataclass(frozen=True)
class Lines:
    """Lines of documents; every attribute is an array of shape (n,).

    Attributes
    ----------
    document : int array
        Index of the invoice, cancellation or booking.
    code, description : int arrays
        Indexes into the names of the catalogue.
    product : int array
        Index of the product, -1 for none, whatever the spelling of its code.
    quantity : int array
        Units, negative if taken back or written off.
    price : float array
        GBP per unit.
    kind : int array
        Index into LINE_KINDS.
    """

    document: np.ndarray
    code: np.ndarray
    description: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    kind: np.ndarray

    def take(self, rows: np.ndarray) -> "Lines":
        """Return the given rows, by index or mask."""
        return Lines(*(getattr(self, field.name)[rows] for field in fields(self)))

    @staticmethod
    def join(parts: list["Lines"]) -> "Lines":
        """Return the lines of all parts, in order."""
        return Lines(
            *(
                np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(Lines)
            )
        )


def make_lines(document: np.ndarray, kind: str, **columns: np.ndarray) -> Lines:
    """Build lines of one kind; ``product`` defaults to none."""
    count = document.size
    columns.setdefault("product", np.full(count, -1))
    columns.setdefault("description", columns["code"])
    filled = {name: np.broadcast_to(value, count) for name, value in columns.items()}
    return Lines(document=document, kind=np.full(count, KIND[kind], np.int8), **filled)


def draw_sale_lines(
    rng: np.random.Generator,
    orders: Orders,
    people: People,
    catalogue: Catalogue,
    calendar: Calendar,
    *,
    basket_scale: float,
) -> Lines:
    """Draw the product lines of every order, each product at most once.

    Parameters
    ----------
    rng : Generator
        Source of every draw.
    orders, people, catalogue, calendar
        As made by the sister modules.
    basket_scale : float
        Multiplies the groups' lines per order, > 0.

    Returns
    -------
    Lines
        In order of document (index of the order), then product; at least one line
        for each order.
    """
    month = calendar.month[orders.minute // MINUTES_PER_DAY]
    order, product = _draw_products(rng, orders, people, catalogue, month, basket_scale)
    month = month[order]
    price = catalogue.usual_price[product] * (1 - catalogue.promotion[month, product])
    price = np.round(price + 1e-9, 2)

    part = 0.3 + rng.standard_exponential(order.size)
    whole = np.bincount(order, weights=part, minlength=orders.person.size)
    units = orders.value[order] * part / whole[order] / price
    # Most people take a pack; the rest count out what they need.
    pack_table = _nearest_packs()
    exact = np.clip(units + 0.5, 1, MOST_UNITS_PER_LINE).astype(np.int64)
    loose = (exact < 12) & (rng.random(order.size) < 0.3)
    quantity = np.where(loose, exact, pack_table[exact])

    has_new_name = (catalogue.renamed >= 0)[product]
    has_new_name &= month >= catalogue.renamed_month[product]
    in_lower_case = (catalogue.lower_code >= 0)[product]
    in_lower_case &= rng.random(order.size) < 0.06
    return make_lines(
        order,
        "sale",
        code=np.where(in_lower_case, catalogue.lower_code[product], product),
        description=np.where(has_new_name, catalogue.renamed[product], product),
        product=product,
        quantity=quantity,
        price=price,
    )


def _nearest_packs() -> np.ndarray:
    """List the usual pack nearest to each number of units."""
    units = np.arange(MOST_UNITS_PER_LINE + 1)
    middles = (PACKS[1:] + PACKS[:-1]) / 2
    return PACKS[np.searchsorted(middles, units)]


def _draw_products(
    rng: np.random.Generator,
    orders: Orders,
    people: People,
    catalogue: Catalogue,
    order_month: np.ndarray,
    basket_scale: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw distinct (order, product) pairs, sorted."""
    group = people.group[orders.person]
    line_scale = group_values("line_count")[group] * basket_scale
    size = (orders.value / group_values("order_value")[group]) ** 0.4
    size *= rng.standard_exponential(group.size) * line_scale
    line_count = np.minimum(size.astype(np.int64) + 1, MOST_LINES_PER_ORDER)

    order = np.repeat(np.arange(group.size), line_count)
    person, month = orders.person[order], order_month[order]
    product = _draw_by_habit(rng, people, catalogue, person, month)
    bundle_order, bundle_product = _draw_bundles(rng, catalogue, group.size)
    key = np.concatenate([order, bundle_order]) * catalogue.product_count
    key += np.concatenate([product, bundle_product])
    key.sort()
    key = key[np.append(True, key[1:] != key[:-1])]
    return key // catalogue.product_count, key % catalogue.product_count


def _draw_by_habit(
    rng: np.random.Generator,
    people: People,
    catalogue: Catalogue,
    person: np.ndarray,
    month: np.ndarray,
) -> np.ndarray:
    """Draw a product per line: reduced, a favourite, of a liked family, or any."""
    drawn = rng.integers(0, SLOT_COUNT, size=person.size)
    habit = rng.random(person.size, dtype=np.float32)
    bound = people.affinity[person]
    is_reduced = habit < bound
    bound = bound + group_values("favourite_share")[people.group[person]]
    is_favourite = ~is_reduced & (habit < bound)

    family = people.family[person]
    low = catalogue.family_slots[month, family]
    width = catalogue.family_slots[month, family + 1] - low
    in_family = (habit >= bound) & (habit < bound + FAMILY_SHARE)
    in_family &= width > LEAST_FAMILY_SLOTS  # no baubles in March
    slot = np.where(in_family, low + (drawn * width) // SLOT_COUNT, drawn)
    product = catalogue.slots[month, slot].astype(np.int64)

    product[is_reduced] = catalogue.promotion_slots[
        month[is_reduced], drawn[is_reduced]
    ]
    rows = np.flatnonzero(is_favourite)
    wanted = people.favourites[person[rows], drawn[rows] % people.favourites.shape[1]]
    on_sale = catalogue.in_season[month[rows], wanted]
    product[rows[on_sale]] = wanted[on_sale]
    return product


def _draw_bundles(
    rng: np.random.Generator, catalogue: Catalogue, order_count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw which orders hold a bundle, and which of its products."""
    order = np.flatnonzero(rng.random(order_count) < BUNDLE_SHARE)
    bundle = rng.integers(0, len(catalogue.bundles), size=order.size)
    members = catalogue.bundles[bundle]
    comes_along = rng.random(members.shape) < catalogue.bundle_strength[bundle][:, None]
    comes_along[:, 0] = True  # the product that brings the others
    comes_along &= members >= 0
    return np.repeat(order, comes_along.sum(axis=1)), members[comes_along]
