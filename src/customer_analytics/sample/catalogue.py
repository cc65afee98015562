"""The invented shop: products, prices, promotions, seasons and planted bundles."""

from dataclasses import dataclass
from itertools import product as combinations_of

import numpy as np

COLOURS = (
    *("RED", "BLUE", "SAGE", "MUSTARD", "IVORY", "CORAL"),
    *("SLATE", "ROSE", "TEAL", "PLUM", "AMBER", "MINT"),
)
MOTIFS = (
    *("SPOTTY", "HERON", "HEDGEHOG", "FERN", "CLOVER", "PAISLEY", "SAILBOAT"),
    *("FOXGLOVE", "ORCHARD", "HARBOUR", "MEADOW", "LATTICE", "SWALLOW", "ACORN"),
    *("BRAMBLE", "LIGHTHOUSE", "PEBBLE", "CIRCUS", "THISTLE", "MOONLIT"),
)
FAMILIES = {
    "kitchen": ("TEA TOWEL", "OVEN GLOVE", "MIXING BOWL", "CAKE TIN", "RECIPE BOX"),
    "tableware": ("SIDE PLATE", "TEA CUP", "CAKE STAND", "COASTER SET", "MILK JUG"),
    "lighting": ("LANTERN", "T-LIGHT DISH", "CANDLE POT", "LAMP SHADE", "NIGHT LIGHT"),
    "garden": ("PLANTER", "WATERING CAN", "BIRD FEEDER", "SEED BOX", "WIND CHIME"),
    "christmas": ("BAUBLE", "TREE STAR", "STOCKING", "DOOR WREATH", "ADVENT GARLAND"),
    "stationery": ("NOTEBOOK", "GIFT WRAP", "GREETING CARD", "PENCIL CASE", "MEMO PAD"),
    "bags": ("SHOPPER", "LUNCH TOTE", "WASH BAG", "COIN PURSE", "PICNIC BAG"),
    "toys": ("JIGSAW", "SKITTLES", "SPINNING TOP", "HAND PUPPET", "DOMINO SET"),
    "home": ("CUSHION COVER", "DOORMAT", "WALL CLOCK", "PHOTO FRAME", "DOOR STOP"),
    "jewellery": ("NECKLACE", "BRACELET", "RING DISH", "HAIR CLIP", "BROOCH"),
    "party": ("BUNTING", "PAPER CUPS", "PARTY HATS", "CAKE CANDLES", "STREAMERS"),
    "bath": ("SOAP DISH", "BATH SALTS", "HAND CREAM", "FLANNEL", "SPONGE BAG"),
}
SEASONS = {  # demand by calendar month, January first
    "flat": (1.0,) * 12,
    "christmas": (0.03, 0.02, 0.02, 0.02, 0.03, 0.05, 0.2, 0.6, 1.5, 2.8, 4.0, 3.0),
    "summer": (0.4, 0.6, 1.1, 1.6, 2.0, 2.0, 1.7, 1.2, 0.6, 0.3, 0.2, 0.2),
}
FAMILY_SEASON = {"christmas": "christmas", "garden": "summer", "party": "summer"}
USUAL_PRICES = np.array(
    [0.19, 0.29, 0.39, 0.42, 0.55, 0.65, 0.85, 0.95, 1.25, 1.45, 1.65, 1.95, 2.1, 2.55]
    + [2.95, 3.25, 3.75, 4.25, 4.65, 4.95, 5.45, 5.95, 6.75, 7.95, 8.5, 9.95, 10.95]
    + [12.75, 14.95, 16.95, 19.95, 24.95, 29.95]
)
PROMOTION_DEPTHS = np.array([0.1, 0.15, 0.2, 0.25, 0.3])
PROMOTION_SHARE = 0.1  # of product-months
BUNDLE_STRENGTHS = (0.9, 0.8, 0.7, 0.6)
OTHER_CODES = {  # what is sold or booked without being a product
    "POST": "POSTAGE",
    "C2": "CARRIAGE",
    "DOT": "DOTCOM POSTAGE",
    "M": "Manual",
    "D": "Discount",
    "S": "SAMPLES",
    "BANK CHARGES": "Bank Charges",
    "AMAZONFEE": "AMAZON FEE",
    "ADJUST": "Adjustment by stock team",
    "TEST001": "This is a test product.",
    "gift_0001_20": "Gift voucher 20.00",
    "B": "Adjust bad debt",
}
NOTES = ("damaged?", "check", "missing", "lost?", "wet", "?", None)
SLOT_COUNT = 1 << 16


@dataclass(frozen=True)
class Catalogue:
    """Products and the tables that lines are drawn from.

    Attributes
    ----------
    codes, descriptions : object arrays
        Names of the products first; then the other codes (or descriptions), then
        variants. Lines refer to them by index.
    product_count : int
        How many of the codes are products.
    other : dict of str to int
        Index of each non-product code (and of its description).
    lower_code, renamed : int arrays of shape (product_count,)
        Index of a code in lower case, or of a later description; -1 if none.
    renamed_month : int array of shape (product_count,)
        Month index from which the later description is used.
    note_ids : int array
        Indexes of the descriptions that are notes of the stock room, or null.
    family : int array of shape (product_count,)
        Index into FAMILIES; products of one family are adjacent.
    usual_price, weight : float arrays of shape (product_count,)
        GBP, > 0; expected share of demand before the season.
    promotion : float array of shape (month_count, product_count)
        Share taken off the usual price, 0 or 0.1..0.3.
    available : bool array of shape (month_count, product_count)
        Whether the product is on sale.
    in_season : bool array of shape (month_count, product_count)
        Whether it is on sale and asked for by habit.
    first_month, last_month : int arrays of shape (product_count,)
        Month indexes, both included.
    slots, promotion_slots : uint16 arrays of shape (month_count, SLOT_COUNT)
        A uniformly drawn slot holds a product with probability as demanded.
    family_slots : int array of shape (month_count, families + 1)
        Bounds of each family's run in ``slots``.
    bundles : int array of shape (bundle_count, 4)
        Products of each planted bundle, -1 where it has fewer.
    bundle_strength : float array of shape (bundle_count,)
        Probability that each further product comes along with the first.
    """

    codes: np.ndarray
    descriptions: np.ndarray
    product_count: int
    other: dict[str, int]
    lower_code: np.ndarray
    renamed: np.ndarray
    renamed_month: np.ndarray
    note_ids: np.ndarray
    family: np.ndarray
    usual_price: np.ndarray
    weight: np.ndarray
    promotion: np.ndarray
    available: np.ndarray
    in_season: np.ndarray
    first_month: np.ndarray
    last_month: np.ndarray
    slots: np.ndarray
    promotion_slots: np.ndarray
    family_slots: np.ndarray
    bundles: np.ndarray
    bundle_strength: np.ndarray


def make_catalogue(
    rng: np.random.Generator,
    *,
    product_count: int,
    bundle_count: int,
    calendar_months: np.ndarray,
) -> Catalogue:
    """Invent products with prices, seasons, promotions and bundles.

    Parameters
    ----------
    rng : Generator
        Source of every draw.
    product_count : int
        Products in all, 100..12000, spread evenly over the families.
    bundle_count : int
        Planted bundles of 2 to 4 products; at most a tenth of the products.
    calendar_months : int array of shape (month_count,)
        Calendar month, 1..12, of each month of the period.

    Returns
    -------
    Catalogue
    """
    month_count = len(calendar_months)
    family = np.sort(np.arange(product_count) % len(FAMILIES))
    weight = 1.0 / (rng.permutation(product_count) + 8.0) ** 0.8
    weight /= weight.sum()
    names = list(FAMILIES)
    is_seasonal = np.array([name in FAMILY_SEASON for name in names])[family]
    bundles = _draw_bundles(rng, np.where(is_seasonal, 0, weight), bundle_count)

    steady = np.isin(np.arange(product_count), bundles)
    first_month, last_month = _draw_availability(rng, steady, month_count)
    months = np.arange(month_count)[:, None]
    available = (first_month <= months) & (months <= last_month)

    depth = PROMOTION_DEPTHS[rng.integers(0, 5, size=(month_count, product_count))]
    promoted = rng.random((month_count, product_count)) < PROMOTION_SHARE
    promotion = np.where(promoted, depth, 0.0)

    profile = np.array([SEASONS[FAMILY_SEASON.get(name, "flat")] for name in names])
    season = profile[family][:, calendar_months - 1].T
    demand = weight * available * season
    slots, edges = _slots(demand)
    family_starts = np.searchsorted(family, np.arange(len(names) + 1))
    naming = _name_products(rng, family, month_count)
    return Catalogue(
        product_count=product_count,
        family=family,
        usual_price=_draw_prices(rng, product_count),
        weight=weight,
        promotion=promotion,
        available=available,
        in_season=available & (season > 0.5),
        first_month=first_month,
        last_month=last_month,
        slots=slots,
        promotion_slots=_slots(demand * promoted)[0],
        family_slots=edges[:, family_starts],
        bundles=bundles,
        bundle_strength=np.resize(BUNDLE_STRENGTHS, bundle_count),
        **naming,
    )


def _slots(demand: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn demand per month and product into slots and the edges between products."""
    cumulative = np.cumsum(demand, axis=1)
    edges = np.zeros((demand.shape[0], demand.shape[1] + 1), dtype=np.int64)
    edges[:, 1:] = np.round(cumulative / cumulative[:, -1:] * SLOT_COUNT)
    products = np.arange(demand.shape[1], dtype=np.uint16)
    slots = np.stack([np.repeat(products, np.diff(row)) for row in edges])
    return slots, edges


def _draw_prices(rng: np.random.Generator, product_count: int) -> np.ndarray:
    """Draw lognormal prices, moved to the nearest price a shop would print."""
    drawn = np.exp(np.log(2.6) + 0.85 * rng.standard_normal(product_count))
    distance = np.abs(np.log(drawn)[:, None] - np.log(USUAL_PRICES))
    return USUAL_PRICES[distance.argmin(axis=1)]


def _draw_availability(
    rng: np.random.Generator, steady: np.ndarray, month_count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Launch some products late and discontinue others, but never a steady one."""
    fate = rng.random(steady.size)
    change = rng.integers(month_count // 4, month_count - 3, size=steady.size)
    first_month = np.where(~steady & (fate < 0.12), change, 0)
    dropped = ~steady & (fate > 0.92)
    last_month = np.where(dropped, change, month_count - 1)
    return first_month, last_month


def _draw_bundles(
    rng: np.random.Generator, weight: np.ndarray, bundle_count: int
) -> np.ndarray:
    """Put products of middling popularity, each once, into bundles of 2 to 4."""
    ranked = np.argsort(-weight, kind="stable")[: np.count_nonzero(weight)]
    middle = ranked[ranked.size // 5 : ranked.size * 4 // 5]
    members = rng.permutation(middle)[: bundle_count * 4].reshape(bundle_count, 4)
    size = 2 + np.arange(bundle_count) % 3
    return np.where(np.arange(4) < size[:, None], np.sort(members, axis=1), -1)


def _name_products(
    rng: np.random.Generator, family: np.ndarray, month_count: int
) -> dict[str, np.ndarray | dict[str, int]]:
    """Give every product a code and a description; a few get a second of either."""
    product_count = family.size
    numbers = np.sort(rng.permutation(69_000)[:product_count]) + 20_000
    is_variant = rng.random(product_count) < 0.4
    objects = list(FAMILIES.values())
    designs = [rng.permutation(len(MOTIFS) * len(words)).tolist() for words in objects]
    codes, descriptions, size, colour = [], [], 0, 0
    for index, group in enumerate(family.tolist()):
        starts_family = index == 0 or family[index - 1] != group
        if starts_family or not is_variant[index] or size == 6:
            number, size, colour = numbers[index], 0, rng.integers(0, len(COLOURS))
            grid = list(combinations_of(MOTIFS, objects[group]))
            # Designs come round again, in another colour, in a very large catalogue.
            motif, thing = grid[designs[group][0]]
            designs[group].append(designs[group].pop(0))
        has_letter = size or (index + 1 < product_count and is_variant[index + 1])
        codes.append(f"{number}{'ABCDEF'[size] if has_letter else ''}")
        descriptions.append(f"{COLOURS[(colour + size) % 12]} {motif} {thing}")
        size += 1

    other = {code: product_count + i for i, code in enumerate(OTHER_CODES)}
    codes += OTHER_CODES
    descriptions += OTHER_CODES.values()
    popular = rng.permutation(product_count)
    lettered = [i for i in popular.tolist() if codes[i][-1].isalpha()]
    lower_code = np.full(product_count, -1)
    for index in lettered[: max(6, product_count // 60)]:
        lower_code[index] = len(codes)
        codes.append(codes[index].lower())
    renamed = np.full(product_count, -1)
    for index in popular[: max(8, product_count // 50)].tolist():
        renamed[index] = len(descriptions)
        head, _, tail = descriptions[index].partition(" ")
        descriptions.append(f"{tail} {head}")
    note_ids = np.arange(len(descriptions), len(descriptions) + len(NOTES))
    return {
        "codes": np.array(codes, dtype=object),
        "descriptions": np.array([*descriptions, *NOTES], dtype=object),
        "other": other,
        "lower_code": lower_code,
        "renamed": renamed,
        "renamed_month": rng.integers(3, month_count - 3, size=product_count),
        "note_ids": note_ids,
    }
