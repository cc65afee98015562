"""A sample with its planted truth, in memory."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from customer_analytics.sample import truth
from customer_analytics.sample.block import decode_block, make_block
from customer_analytics.sample.catalogue import make_catalogue
from customer_analytics.sample.events import make_events
from customer_analytics.sample.people import make_attributes
from customer_analytics.sample.trading_calendar import make_calendar

SEED = 20111209
# Two years from July: both Christmas peaks lie inside, and the last ninety days,
# which forecasts are judged on, are an ordinary season.
FIRST_DATE = date(2023, 7, 1)
FIRST_INVOICE = 500_001
FIRST_CUSTOMER = 12_346
SMALLEST_CUSTOMER_COUNT = 50
PRODUCT_COUNT = 500
BUNDLE_COUNT = 12
BASKET_SCALE = 0.85
GUESTS_PER_CUSTOMER = 1.3


@dataclass(frozen=True)
class Sample:
    """Order lines, customer attributes, events and the truth planted in them.

    Attributes
    ----------
    transactions : dict of str to arrays of shape (rows,)
        Columns as in Online Retail II; "Customer ID" is masked for guests.
    customer_attributes : dict of str to arrays of shape (customers,)
        One row per customer that has attributes; masked or None where unknown.
    customer_events : dict of str to arrays of shape (events,)
        One row per visit, opened e-mail or review (`events.make_events`).
    customer_truth : dict of str to arrays of shape (known customers,)
        ``customer_id``, ``group``, ``is_churned``, ``churn_date`` (the last order of
        who left for good, else NaT), ``orders_per_month`` (while active, in an
        average season; 0 for one-time buyers), ``mean_order_value`` (GBP the orders
        aim at), ``discount_affinity`` (0..1), ``favourite_family``.
    bundle_truth : dict of int to dict
        By bundle: ``codes``, the leading product first, and ``strength``, the
        probability that each of the others comes along.
    product_truth : dict of str to arrays of shape (products,)
        ``stock_code``, ``description``, ``family``, ``season``, ``usual_price``,
        ``first_month``, ``last_month``.
    line_truth : dict of str to arrays of shape (rows,)
        ``kind`` and ``is_copy`` of each row of ``transactions``.
    line_counts : dict of str to int
        Planted rows by kind (copies included), and by other properties.
    """

    transactions: dict[str, np.ndarray]
    customer_attributes: dict[str, np.ndarray]
    customer_events: dict[str, np.ndarray]
    customer_truth: dict[str, np.ndarray]
    bundle_truth: dict[int, dict[str, object]]
    product_truth: dict[str, np.ndarray]
    line_truth: dict[str, np.ndarray]
    line_counts: dict[str, int]


def make_sample(
    *, customer_count: int = 2000, seed: int = SEED, first_date: date = FIRST_DATE
) -> Sample:
    """Make two years of a gift shop's order lines with planted truth.

    Parameters
    ----------
    customer_count : int
        Known customers, >= 50; about 45 lines each, guests included.
    seed : int
        Same seed, same sample.
    first_date : date
        First day of the 731.

    Returns
    -------
    Sample

    Raises
    ------
    ValueError
        If ``customer_count`` is below 50.
    """
    if customer_count < SMALLEST_CUSTOMER_COUNT:
        raise ValueError(
            f"customer_count={customer_count} needs >= {SMALLEST_CUSTOMER_COUNT}"
        )
    catalogue_rng, block_rng, attribute_rng, event_rng = (
        np.random.Generator(np.random.PCG64(child))
        for child in np.random.SeedSequence(seed).spawn(4)
    )
    calendar = make_calendar(first_date)
    catalogue = make_catalogue(
        catalogue_rng,
        product_count=PRODUCT_COUNT,
        bundle_count=BUNDLE_COUNT,
        calendar_months=calendar.calendar_months,
    )
    block = make_block(
        block_rng,
        catalogue,
        calendar,
        customer_count=customer_count,
        guests_per_customer=GUESTS_PER_CUSTOMER,
        basket_scale=BASKET_SCALE,
    )
    customers = truth.customer_truth(block, calendar, FIRST_CUSTOMER)
    rows, counts = truth.line_truth(block)
    return Sample(
        transactions=decode_block(
            block,
            catalogue,
            calendar,
            first_invoice=FIRST_INVOICE,
            first_customer=FIRST_CUSTOMER,
        ),
        customer_attributes=make_attributes(
            attribute_rng, block.people.group[:customer_count], customers["customer_id"]
        ),
        customer_events=make_events(event_rng, block, calendar, FIRST_CUSTOMER),
        customer_truth=customers,
        bundle_truth=truth.bundle_truth(catalogue),
        product_truth=truth.product_truth(catalogue, calendar),
        line_truth=rows,
        line_counts=counts,
    )
