"""The planted behavioural groups, the people in them and what is known of them."""

from dataclasses import dataclass

import numpy as np

from customer_analytics.sample.catalogue import Catalogue

FAVOURITE_COUNT = 8


@dataclass(frozen=True)
class Group:
    """How one behavioural group buys and who is in it.

    Attributes
    ----------
    share : float
        Share of the known customers, 0..1.
    monthly_rate, rate_shape : float
        Mean orders per month while active, and the shape of the gamma
        distribution of that rate over customers.
    dropout : float
        Probability of never returning after an order, before reasons, 0..1.
    order_value : float
        Median value of an order, GBP.
    line_count : float
        Typical lines per order in a shop with small baskets.
    discount_affinity, favourite_share : float
        Probability that a line is picked because it is reduced, or because it is
        one of the customer's favourites, 0..1.
    return_rate : float
        Probability that something of an order comes back, 0..1.
    season : str
        Key of trading_calendar.DEMAND.
    age, income, score : float
        Centres of the attributes: years, thousand GBP a year, score 1..100.
    female_share : float
        0..1.
    email_opens, site_visits : float
        Mean counts per year.
    """

    name: str
    share: float
    monthly_rate: float
    rate_shape: float
    dropout: float
    order_value: float
    line_count: float
    discount_affinity: float
    favourite_share: float
    return_rate: float
    season: str
    age: float
    income: float
    score: float
    female_share: float
    email_opens: float
    site_visits: float


# fmt: off
GROUPS = (
    Group("loyal", .15, 1.05, 2.5, .015, 260, 7.0, .06, .35, .07, "regular",
          44, 84, 83, .60, 30, 42),
    Group("wholesale", .05, .85, 2.0, .015, 1300, 10., .08, .40, .07, "regular",
          50, 98, 55, .40, 12, 26),
    Group("discount_seeker", .21, .50, 1.5, .090, 90, 4.5, .75, .08, .12, "regular",
          29, 29, 78, .65, 44, 38),
    Group("one_time", .17, .00, 1.0, 1.00, 110, 4.0, .12, .00, .06, "regular",
          37, 55, 45, .50, 4, 5),
    Group("gift_buyer", .17, .32, 2.0, .030, 150, 5.0, .10, .10, .05, "gifts",
          57, 70, 32, .72, 14, 12),
    Group("lapsing_regular", .25, .75, 2.0, .090, 170, 5.5, .10, .25, .10, "regular",
          40, 40, 20, .52, 9, 14),
    Group("guest", .00, .00, 1.0, 1.00, 130, 5.5, .12, .00, .03, "regular",
          40, 50, 50, .50, 0, 0),
)
# fmt: on
COUNTRIES = (
    *("United Kingdom", "EIRE", "Germany", "France", "Netherlands", "USA", "Spain"),
    *("Belgium", "Switzerland", "Australia", "Unspecified"),
)
COUNTRY_SHARES = (
    *(0.9, 0.02, 0.02, 0.018, 0.01, 0.008),
    *(0.007, 0.006, 0.005, 0.004, 0.002),
)
HAS_ATTRIBUTES_SHARE = 0.85
MISSING_VALUE_SHARE = 0.015


@dataclass(frozen=True)
class People:
    """Known customers first, then one entry for each order of a guest.

    Attributes
    ----------
    group, country : int arrays of shape (n,)
        Indexes into GROUPS and COUNTRIES.
    rate : float array of shape (n,)
        Orders per day of average season while active.
    dropout_factor : float array of shape (n,)
        Multiplies the group's dropout probability.
    median_value : float array of shape (n,)
        Median order value, GBP.
    affinity : float array of shape (n,)
        Probability that a line is picked because it is reduced.
    family : int array of shape (n,)
        Preferred product family.
    favourites : uint16 array of shape (n, FAVOURITE_COUNT)
        Products bought again and again.
    known_count : int
        How many are known customers.
    """

    group: np.ndarray
    country: np.ndarray
    rate: np.ndarray
    dropout_factor: np.ndarray
    median_value: np.ndarray
    affinity: np.ndarray
    family: np.ndarray
    favourites: np.ndarray
    known_count: int


def group_values(field: str) -> np.ndarray:
    """Return one numeric field of every group, in the order of GROUPS."""
    return np.array([getattr(group, field) for group in GROUPS])


def make_people(
    rng: np.random.Generator, catalogue: Catalogue, *, known: int, guests: int
) -> People:
    """Draw customers and guests with their habits.

    Parameters
    ----------
    rng : Generator
        Source of every draw.
    catalogue : Catalogue
        Where favourites come from.
    known, guests : int
        Numbers of known customers (> 0) and of orders by guests (>= 0).

    Returns
    -------
    People
    """
    count = known + guests
    # Shares are exact, membership is shuffled: a group's size is part of the truth.
    bounds = np.round(np.cumsum(group_values("share")) * known)
    ranks = rng.permutation(known)
    group = np.full(count, len(GROUPS) - 1)
    group[:known] = np.searchsorted(bounds, ranks, side="right")

    shape = group_values("rate_shape")[group]
    monthly = group_values("monthly_rate")[group] * rng.standard_gamma(shape) / shape
    spread = np.exp(0.45 * rng.standard_normal(count))
    affinity = group_values("discount_affinity")[group] * (
        0.7 + 0.5 * rng.random(count)
    )
    popular_first = np.argsort(-catalogue.weight, kind="stable").astype(np.uint16)
    # The power leans towards popular products without making favourites all alike.
    position = rng.random((count, FAVOURITE_COUNT)) ** 1.5 * catalogue.product_count
    favourites = popular_first[position.astype(np.int64)]
    country_bounds = np.cumsum(COUNTRY_SHARES)[:-1]
    return People(
        group=group,
        country=np.searchsorted(country_bounds, rng.random(count), side="right"),
        rate=np.maximum(monthly, 1e-3) / 30.44,
        dropout_factor=np.exp(0.4 * rng.standard_normal(count)),
        median_value=group_values("order_value")[group] * spread,
        affinity=affinity,
        family=catalogue.family[favourites[:, 0]],
        favourites=favourites,
        known_count=known,
    )


def make_attributes(
    rng: np.random.Generator, group: np.ndarray, customer_id: np.ndarray
) -> dict[str, np.ndarray]:
    """Draw what a customer file would hold, by group and for most customers.

    The counts of e-mails and visits follow the group only: they hold nothing of what
    a customer did later, so that a model may use them at any date.

    Parameters
    ----------
    rng : Generator
        Source of every draw.
    group : int array of shape (n,)
        Index into GROUPS of every known customer.
    customer_id : int array of shape (n,)
        Their ids.

    Returns
    -------
    dict of str to (masked) arrays
        One row per customer that has attributes, in the order of the ids.
    """

    def around(field: str, deviation: float, low: int, high: int) -> np.ndarray:
        drawn = group_values(field)[group] + deviation * rng.standard_normal(count)
        return np.clip(np.round(drawn), low, high).astype(np.int64)

    def counts(field: str) -> np.ndarray:
        mean = group_values(field)[group] * rng.standard_gamma(3.0, size=count) / 3.0
        return np.round(mean).astype(np.int64)

    def with_gaps(values: np.ndarray) -> np.ma.MaskedArray:
        return np.ma.array(values, mask=rng.random(count) < MISSING_VALUE_SHARE)[has]

    count = group.size
    has = rng.random(count) < HAS_ATTRIBUTES_SHARE
    is_female = rng.random(count) < group_values("female_share")[group]
    gender = np.where(is_female, "Female", "Male").astype(object)
    gender[rng.random(count) < MISSING_VALUE_SHARE] = None
    return {
        "CustomerID": customer_id[has],
        "Gender": gender[has],
        "Age": with_gaps(around("age", 8.0, 18, 85)),
        "Annual Income (k$)": with_gaps(around("income", 8.0, 12, 160)),
        "Spending Score (1-100)": with_gaps(around("score", 7.5, 1, 100)),
        "Email Opens": counts("email_opens")[has],
        "Site Visits": counts("site_visits")[has],
    }
