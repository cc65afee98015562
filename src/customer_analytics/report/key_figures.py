"""The figures at the head of the report."""

import pandas as pd

from customer_analytics.report import sentences_changes as changes
from customer_analytics.report.words import amount, change, counted, share


def key_figures(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    """Return what each figure is, the figure, and what it is compared with.

    Parameters
    ----------
    tables : dict of str to DataFrame
        As `tables.read_tables` returns it.
    """
    currency = str(tables["span"]["currency"].iloc[0])
    found = []
    last, before = changes.two_years(tables["years"])
    if last is not None:
        compared = ("the data are too short to compare",) * 2
        if before is not None:
            compared = tuple(
                f"{change(last[key] / before[key] - 1)} the year before"
                for key in ("net_amount", "customer_count")
            )
        net, count = last["net_amount"], int(last["customer_count"])
        found += [
            ("Net amount, 365 days", amount(net, currency), compared[0]),
            ("Customers who ordered in 365 days", f"{count:,}", compared[1]),
        ]
    people = tables["customers"]
    if len(people):
        once = (people["order_count"] == 1).mean()
        found.append(
            ("Ordered once only", share(once), f"of {counted(len(people), 'customer')}")
        )
    forecasts = tables["forecasts"].dropna(subset="predicted_amount")
    for row in forecasts.head(1).itertuples():
        found.append(
            (
                f"Expected in {counted(int(row.horizon_days), 'day')}",
                amount(row.predicted_amount, currency),
                f"{amount(row.last_year_amount, currency)} a year before"
                if pd.notna(row.last_year_amount)
                else "",
            )
        )
    tiers = tables["risk_tiers"]
    if len(tiers):
        active = int(tiers["customer_count"].sum())
        pauses = round(tiers["expected_pauses"].sum())
        found.append(
            ("Will probably pause for 90 days", f"{pauses:,}", f"of {active:,} active")
        )
    falling = tables["stock"][tables["stock"]["signal"] == "falling"]
    for row in falling.itertuples():
        found.append(
            (
                "At stake in products that sell less",
                amount(row.amount_at_stake, currency),
                counted(int(row.product_count), "product"),
            )
        )
    return found
