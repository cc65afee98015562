"""One block of customers with all their lines, numbered and in the order of a file."""

from dataclasses import dataclass, replace

import numpy as np

from customer_analytics.sample.catalogue import Catalogue
from customer_analytics.sample.disorder import (
    add_bookings,
    add_discounts,
    add_fees,
    add_giants,
    add_returns,
    add_stock_corrections,
    add_unmatched_returns,
    duplicate_rows,
)
from customer_analytics.sample.ledger import Documents, Ledger
from customer_analytics.sample.lines import Lines, draw_sale_lines
from customer_analytics.sample.orders import draw_orders
from customer_analytics.sample.people import COUNTRIES, People, make_people
from customer_analytics.sample.trading_calendar import MINUTES_PER_DAY, Calendar


@dataclass(frozen=True)
class Block:
    """Customers and lines that share nothing with another block.

    Attributes
    ----------
    people : People
        Customers and guests.
    churn_day : int array of shape (people,)
        Day of the last order for those who left for good, else -1.
    documents : Documents
        Invoices and their like, in order of time.
    lines : Lines
        Rows in the order of the file; ``document`` indexes ``documents``.
    is_copy : bool array
        Per row, whether the same row stands earlier in the file.
    """

    people: People
    churn_day: np.ndarray
    documents: Documents
    lines: Lines
    is_copy: np.ndarray


def make_block(
    rng: np.random.Generator,
    catalogue: Catalogue,
    calendar: Calendar,
    *,
    customer_count: int,
    guests_per_customer: float,
    basket_scale: float,
) -> Block:
    """Draw everything of one block of customers.

    Parameters
    ----------
    rng : Generator
        Source of every draw.
    catalogue, calendar
        Shared by all blocks.
    customer_count : int
        Known customers, > 0.
    guests_per_customer : float
        Orders by guests for each known customer, >= 0.
    basket_scale : float
        Multiplies the groups' lines per order, > 0.

    Returns
    -------
    Block
    """
    guest_count = round(customer_count * guests_per_customer)
    people = make_people(rng, catalogue, known=customer_count, guests=guest_count)
    orders, churn_day = draw_orders(rng, people, calendar)
    sales = draw_sale_lines(
        rng, orders, people, catalogue, calendar, basket_scale=basket_scale
    )
    ledger = Ledger()
    ledger.open(orders.person, orders.minute, "")
    ledger.add(sales)
    is_guest = orders.person >= people.known_count
    add_fees(rng, ledger, orders, people, catalogue, is_guest)
    add_returns(rng, ledger, orders, sales, calendar)
    add_giants(rng, ledger, orders, people, catalogue)
    add_unmatched_returns(rng, ledger, orders, people, catalogue, calendar)
    add_discounts(rng, ledger, orders, people, catalogue)
    count = sales.document.size
    add_stock_corrections(rng, ledger, catalogue, calendar, sale_line_count=count)
    add_bookings(rng, ledger, catalogue, calendar, sale_line_count=count)

    documents, lines = _in_time_order(*ledger.close())
    by_document = np.argsort(lines.document, kind="stable")
    day = documents.minute[lines.document[by_document]] // MINUTES_PER_DAY
    rows, is_copy = duplicate_rows(rng, day)
    return Block(people, churn_day, documents, lines.take(by_document[rows]), is_copy)


def _in_time_order(documents: Documents, lines: Lines) -> tuple[Documents, Lines]:
    """Renumber the documents by time."""
    order = np.argsort(documents.minute, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    documents = Documents(
        documents.owner[order], documents.minute[order], documents.prefix[order]
    )
    return documents, replace(lines, document=rank[lines.document])


def cut_block(rng: np.random.Generator, block: Block, line_count: int) -> Block:
    """Keep exactly ``line_count`` rows by leaving out customers, not days.

    Customers are dropped in random order; at most one loses only their latest rows,
    so that no return outlives its sale. A block that is short enough is kept whole.
    """
    owner = block.documents.owner[block.lines.document] + 1  # 0 is the shop itself
    row_count = np.bincount(owner, minlength=block.people.group.size + 1)
    turn = np.append(0, 1 + rng.permutation(block.people.group.size))
    before = np.cumsum(row_count[turn]) - row_count[turn]
    allowed = np.empty_like(row_count)
    allowed[turn] = np.clip(line_count - before, 0, row_count[turn])
    is_kept = (allowed == row_count)[owner]
    for partly in np.flatnonzero((allowed > 0) & (allowed < row_count)):
        is_kept[np.flatnonzero(owner == partly)[: allowed[partly]]] = True
    return replace(
        block, lines=block.lines.take(is_kept), is_copy=block.is_copy[is_kept]
    )


def decode_block(
    block: Block,
    catalogue: Catalogue,
    calendar: Calendar,
    *,
    first_invoice: int,
    first_customer: int,
) -> dict[str, np.ndarray]:
    """Spell a block out in the columns of Online Retail II.

    Parameters
    ----------
    block, catalogue, calendar
        What was drawn, and the names and days it refers to.
    first_invoice, first_customer : int
        Numbers of the block's first document and first known customer.

    Returns
    -------
    dict of str to arrays of shape (rows,)
        Object arrays of str (or None), int64, float64 and datetime64[us];
        "Customer ID" is masked where there is none.
    """
    documents, lines, people = block.documents, block.lines, block.people
    number = np.arange(documents.minute.size) + first_invoice
    invoice = documents.prefix + number.astype(str).astype(object)
    minute = calendar.first_day + documents.minute.astype("timedelta64[m]")
    has_owner = documents.owner >= 0
    home = people.country[np.where(has_owner, documents.owner, 0)]
    country = np.where(has_owner, home, COUNTRIES.index("United Kingdom"))
    is_known = has_owner & (documents.owner < people.known_count)
    customer = documents.owner.astype(np.int64) + first_customer
    row = lines.document
    return {
        "Invoice": invoice[row],
        "StockCode": catalogue.codes[lines.code],
        "Description": catalogue.descriptions[lines.description],
        "Quantity": lines.quantity.astype(np.int64),
        "InvoiceDate": minute.astype("datetime64[us]")[row],
        "Price": lines.price.astype(np.float64),
        "Customer ID": np.ma.array(customer[row], mask=~is_known[row]),
        "Country": np.array(COUNTRIES, dtype=object)[country[row]],
    }
