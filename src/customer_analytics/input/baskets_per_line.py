"""Baskets of one line each, the classic form of basket data, as order lines."""

import csv
import datetime
from pathlib import Path


def unfold_baskets(baskets: Path, orders: Path, day: datetime.date) -> int:
    """Write a file of one basket per line as one of one item per line.

    Parameters
    ----------
    baskets : Path
        A CSV file in UTF-8, without a header: the items of a basket in each line.
    orders : Path
        CSV file to write: order, item and date. Baskets are numbered from 1.
    day : date
        The date of all of them, which such a file does not tell.

    Returns
    -------
    int
        Lines written.
    """
    count = 0
    with (
        baskets.open(encoding="utf-8-sig", newline="") as source,
        orders.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target)
        writer.writerow(["order", "item", "date"])
        for number, items in enumerate(csv.reader(source), 1):
            for item in filter(None, map(str.strip, items)):
                writer.writerow([number, item, day.isoformat()])
                count += 1
    return count
