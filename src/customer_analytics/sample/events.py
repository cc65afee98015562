"""What customers did beside their orders, with what it says of orders to come."""

import numpy as np

from customer_analytics.sample.block import Block
from customer_analytics.sample.people import GROUPS
from customer_analytics.sample.trading_calendar import MINUTES_PER_DAY, Calendar

VISIT, EMAIL, REVIEW = "Site visit", "E-mail opened", "Review"
# Of the yearly counts of a group; and of these, what is left after leaving for good.
USUAL_VISITS_SHARE, EMAIL_SHARE = 0.4, 0.15
AFTER_LEAVING_SHARE = 0.4
# Who looks around buys: further visits in the weeks before each order.
VISITS_BEFORE_ORDER, BROWSING_DAYS = 1.5, 40
REVIEW_SHARE, LAST_REVIEW_SHARE = 0.2, 0.5
BAD_SHARE, LAST_BAD_SHARE = 0.06, 0.85
REVIEW_DELAY_DAYS = 14
GOOD = (
    *("Lovely quality and quick delivery.", "My friends loved it, thank you!"),
    *("Beautifully packed, great value.", "Perfect gift, very happy with it."),
    *("Exactly as pictured. Excellent.", "Charming piece, I will order again."),
)
BAD = (
    *("Arrived broken, very disappointed.", "Poor quality, a waste of money."),
    *("Late again and nobody answered my mail.", "Terrible packing, two cups smashed."),
    *("The colour is awful and the print was damaged.", "Rude reply to my complaint."),
)
MIXED = (
    *("It is fine.", "Smaller than I thought, but nice enough."),
    *("Does what it should.", "Nice idea, the box was a bit bent."),
)


def make_events(
    rng: np.random.Generator, block: Block, calendar: Calendar, first_customer: int
) -> dict[str, np.ndarray]:
    """Draw visits, e-mails and reviews of the known customers.

    Visits become more in the weeks before an order, and fewer after the last order of
    who leaves for good; bad reviews mostly come after such a last order. E-mails are
    opened less after it too, and say nothing of orders otherwise.

    Parameters
    ----------
    rng : Generator
        A stream of its own: orders are the same with and without events.
    block : Block
    calendar : Calendar
    first_customer : int
        Number of the first known customer.

    Returns
    -------
    dict of str to arrays of shape (events,)
        ``CustomerID``, ``EventAt`` (datetime64[us]), ``EventType``, ``Value`` (minutes
        of a visit, stars of a review; masked for e-mails), ``Text`` (of reviews, else
        None), in order of time.
    """
    owner, minute = block.documents.owner, block.documents.minute
    is_order = (owner >= 0) & (owner < block.people.known_count)
    is_order &= block.documents.prefix == ""
    person, day = owner[is_order], minute[is_order] // MINUTES_PER_DAY
    parts = [
        *_usual(rng, block, person, day, calendar.next_open_day.size - 1),
        _before_orders(rng, person, day),
        _reviews(rng, block, person, day),
    ]
    who, when, kind, value, text = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    # At any minute from seven to midnight: visitors need no open shop.
    at = when * MINUTES_PER_DAY + rng.integers(7 * 60, MINUTES_PER_DAY, when.size)
    within = np.flatnonzero((when >= 0) & (when < calendar.next_open_day.size - 1))
    kept = within[np.lexsort((who[within], at[within]))]
    moment = calendar.first_day + at[kept].astype("timedelta64[m]")
    return {
        "CustomerID": who[kept].astype(np.int64) + first_customer,
        "EventAt": moment.astype("datetime64[us]"),
        "EventType": kind[kept],
        "Value": np.ma.masked_invalid(value[kept]),
        "Text": text[kept],
    }


def _part(who: np.ndarray, when: np.ndarray, kind: str, value: np.ndarray) -> tuple:
    labels = np.full(who.size, kind, dtype=object)
    return who, when, labels, value, np.full(who.size, None, dtype=object)


def _minutes(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.round(1 + rng.gamma(1.5, 3.0, count))


def _usual(
    rng: np.random.Generator,
    block: Block,
    person: np.ndarray,
    day: np.ndarray,
    day_count: int,
) -> list[tuple]:
    """Draw what comes at a steady rate from the first order on."""
    known = block.people.known_count
    first = np.full(known, day_count)
    np.minimum.at(first, person, day)
    left = block.churn_day[:known]
    last = np.where(left >= 0, left, day_count - 1)
    parts = []
    for kind, field, share in (
        (VISIT, "site_visits", USUAL_VISITS_SHARE),
        (EMAIL, "email_opens", EMAIL_SHARE),
    ):
        yearly = np.array([getattr(group, field) for group in GROUPS])
        rate = share * yearly[block.people.group[:known]]
        end = np.full(known, day_count - 1)
        for start, stop, level in (
            (first, last, 1.0),
            (last, end, AFTER_LEAVING_SHARE),
        ):
            days = np.maximum(stop - start, 0)
            count = rng.poisson(level * rate * days / 365)
            who = np.repeat(np.arange(known), count)
            passed = np.floor(rng.random(who.size) * days[who]).astype(np.int64)
            minutes = _minutes(rng, who.size)
            value = minutes if kind == VISIT else np.full(who.size, np.nan)
            parts.append(_part(who, start[who] + passed, kind, value))
    return parts


def _before_orders(
    rng: np.random.Generator, person: np.ndarray, day: np.ndarray
) -> tuple:
    """Draw the visits that lead to orders."""
    count = rng.poisson(VISITS_BEFORE_ORDER, person.size)
    who = np.repeat(person, count)
    before = rng.integers(1, BROWSING_DAYS + 1, who.size)
    when = np.repeat(day, count) - before
    return _part(who, when, VISIT, _minutes(rng, who.size))


def _reviews(
    rng: np.random.Generator, block: Block, person: np.ndarray, day: np.ndarray
) -> tuple:
    """Draw reviews of orders; bad ones mostly of the last order before leaving."""
    is_last = day == block.churn_day[person]
    share = np.where(is_last, LAST_REVIEW_SHARE, REVIEW_SHARE)
    writes = np.flatnonzero(rng.random(person.size) < share)
    is_bad = rng.random(writes.size) < np.where(
        is_last[writes], LAST_BAD_SHARE, BAD_SHARE
    )
    is_good = ~is_bad & (rng.random(writes.size) < 0.85)
    drawn = rng.random(writes.size)
    stars = np.where(is_bad, 1 + (drawn < 0.4), np.where(is_good, 4 + (drawn < 0.7), 3))
    text = np.array(MIXED, dtype=object)[(drawn * len(MIXED)).astype(int)]
    for chosen, words in ((is_bad, BAD), (is_good, GOOD)):
        picked = rng.integers(0, len(words), writes.size)
        text = np.where(chosen, np.array(words, dtype=object)[picked], text)
    delay = rng.integers(2, REVIEW_DELAY_DAYS + 1, writes.size)
    who, when, kind, value, _ = _part(
        person[writes], day[writes] + delay, REVIEW, stars.astype(float)
    )
    return who, when, kind, value, text
