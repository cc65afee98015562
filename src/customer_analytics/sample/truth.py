"""What was planted in a sample, for tests to find again."""

import numpy as np

from customer_analytics.sample.block import Block
from customer_analytics.sample.catalogue import (
    FAMILIES,
    FAMILY_SEASON,
    Catalogue,
)
from customer_analytics.sample.lines import KIND, LINE_KINDS
from customer_analytics.sample.orders import ORDER_VALUE_SIGMA
from customer_analytics.sample.people import GROUPS
from customer_analytics.sample.trading_calendar import Calendar

DAYS_PER_MONTH = 30.44


def customer_truth(
    block: Block, calendar: Calendar, first_customer: int
) -> dict[str, np.ndarray]:
    """List group, churn and rates of every known customer."""
    people = block.people
    known = slice(0, people.known_count)
    group_names = np.array([group.name for group in GROUPS], dtype=object)
    churn_day = block.churn_day[known]
    churn_date = calendar.first_day + churn_day.astype("timedelta64[D]")
    churn_date[churn_day < 0] = np.datetime64("NaT")
    is_one_time = people.group[known] == group_names.tolist().index("one_time")
    monthly = people.rate[known] * DAYS_PER_MONTH
    mean_factor = np.exp(ORDER_VALUE_SIGMA**2 / 2)  # of a lognormal above its median
    return {
        "customer_id": np.arange(people.known_count) + first_customer,
        "group": group_names[people.group[known]],
        "is_churned": churn_day >= 0,
        "churn_date": churn_date,
        "orders_per_month": np.where(is_one_time, 0.0, monthly),
        "mean_order_value": people.median_value[known] * mean_factor,
        "discount_affinity": people.affinity[known],
        "favourite_family": np.array(list(FAMILIES), dtype=object)[
            people.family[known]
        ],
    }


def bundle_truth(catalogue: Catalogue) -> dict[int, dict[str, object]]:
    """List codes (the leading one first) and strength of each planted bundle."""
    return {
        bundle: {
            "codes": tuple(catalogue.codes[members[members >= 0]].tolist()),
            "strength": float(strength),
        }
        for bundle, (members, strength) in enumerate(
            zip(catalogue.bundles, catalogue.bundle_strength, strict=True)
        )
    }


def product_truth(catalogue: Catalogue, calendar: Calendar) -> dict[str, np.ndarray]:
    """List family, price, season and time on sale of every product."""
    names = np.array(list(FAMILIES), dtype=object)
    seasons = np.array([FAMILY_SEASON.get(n, "flat") for n in names], dtype=object)
    count = catalogue.product_count
    start = calendar.first_day.astype("datetime64[M]")
    return {
        "stock_code": catalogue.codes[:count],
        "description": catalogue.descriptions[:count],
        "family": names[catalogue.family],
        "season": seasons[catalogue.family],
        "usual_price": catalogue.usual_price,
        "first_month": start + catalogue.first_month,
        "last_month": start + catalogue.last_month,
    }


def line_truth(block: Block) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """List what each row is, and count the rows by what was planted.

    Returns
    -------
    rows : dict of str to arrays of shape (rows,)
        ``kind`` (one of LINE_KINDS) and ``is_copy`` (an earlier row is the same).
    counts : dict of str to int
        Rows of each kind with their copies, copies, and rows by other properties.
    """
    lines = block.lines
    owner = block.documents.owner[lines.document]
    is_guest = owner >= block.people.known_count
    prefix = block.documents.prefix[lines.document]
    is_product = lines.product >= 0
    counts = {name: int((lines.kind == KIND[name]).sum()) for name in LINE_KINDS}
    counts |= {
        "row": lines.kind.size,
        "copy": int(block.is_copy.sum()),
        "guest": int(is_guest.sum()),
        "without_customer": int((is_guest | (owner < 0)).sum()),
        "cancellation": int((prefix == "C").sum()),
        "not_a_product": int((~is_product).sum()),
        "lower_case_code": int((is_product & (lines.code != lines.product)).sum()),
    }
    rows = {
        "kind": np.array(LINE_KINDS, dtype=object)[lines.kind],
        "is_copy": block.is_copy,
    }
    return rows, counts
