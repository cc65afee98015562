"""Sentences about what changes: sales, segments, retention."""

import math

import pandas as pd

from customer_analytics.report.words import (
    FIXED,
    MINUS,
    NO_PRICES,
    amount,
    change,
    counted,
    month,
    share,
)

# The segments of the seed rfm_segments that customers are lost from.
LEAVING = ("At risk", "Cannot lose them", "Hibernating", "Lost")
# Months after the first order that cohorts are compared at; customers that it takes.
COHORT_AGES = (1, 2, 3)
COHORT_COUNT, FEW_CUSTOMERS = 6, 100


def year_on_year(years: pd.DataFrame, currency: str) -> list[str]:
    """Say how the last 365 days compare with the 365 before, and what drove it.

    The change of the amount is split into the parts of customers, orders of each and
    amount per order by the logarithmic mean Divisia index, which leaves no remainder.

    Parameters
    ----------
    years : DataFrame, at most a row for the last year and one for the year before
        ``is_last_year``, ``is_comparable`` (whether the data reach back two years),
        ``customer_count``, ``order_count`` and ``net_amount``.
    currency : str
        Name of the currency.

    References
    ----------
    Ang (2005), The LMDI approach to decomposition analysis, Energy Policy 33(7).
    """
    last, before = two_years(years)
    if len(years) and years["net_amount"].isna().all():
        return [NO_PRICES]
    if last is None:
        return ["No known customer has ordered in the last 365 days."]
    now = amount(last["net_amount"], currency)
    if before is None:
        return [
            f"Known customers brought {now} net in the last 365 days; the data do not "
            "reach back far enough to compare that with the year before."
        ]
    relative = last["net_amount"] / before["net_amount"] - 1
    sentences = [
        f"Known customers brought {now} net in the last 365 days, "
        f"{change(relative)} the {amount(before['net_amount'], currency)} of the 365 "
        "days before."
    ]
    if abs(relative) >= 0.005:
        parts = sorted(
            _change_parts(last, before).items(), key=lambda item: -abs(item[1])
        )
        texts = [f"{name} {_signed(value, currency)}" for name, value in parts]
        sentences.append(f"Behind it: {'; '.join(texts)}.")
    return sentences


def new_and_returning(years: pd.DataFrame) -> list[str]:
    """Say how much of the last year's amount came from first orders.

    Parameters
    ----------
    years : DataFrame
        As for `year_on_year`, with ``first_order_amount``.
    """
    last, before = two_years(years)
    if last is None:
        return []
    now = last["first_order_amount"] / last["net_amount"]
    if before is None:
        return [f"{share(now)} of it came from first orders."]
    then = before["first_order_amount"] / before["net_amount"]
    return [
        f"{share(now)} of it came from first orders, against {share(then)} the year "
        "before; the rest from customers who came back."
    ]


def best_month(months: pd.DataFrame, currency: str) -> list[str]:
    """Say which whole month was best, against the mean of all.

    Parameters
    ----------
    months : DataFrame, a row per month
        ``sales_month`` (date), ``net_amount`` and ``is_complete``.
    currency : str
        Name of the currency.
    """
    whole = months[months["is_complete"]]
    if len(whole) < 6:
        return [f"{counted(len(whole), 'whole month')} of sales cannot show a season."]
    if whole["net_amount"].isna().all():
        return []
    best = whole.loc[whole["net_amount"].idxmax()]
    times = best["net_amount"] / whole["net_amount"].mean()
    return [
        f"The best month was {month(best['sales_month'])} with "
        f"{amount(best['net_amount'], currency)}, {times:.1f} times an average month."
    ]


def movement(moves: pd.DataFrame, currency: str) -> list[str]:
    """Say how many went over to the segments customers are lost from, and came back.

    Parameters
    ----------
    moves : DataFrame, a row per month and pair of RFM segments
        ``snapshot_date``, ``from_segment``, ``to_segment``, ``customer_count`` and
        ``net_amount_before``.
    currency : str
        Name of the currency.
    """
    if moves.empty:
        return ["The data are too short to see customers move between segments."]
    latest = moves[moves["snapshot_date"] == moves["snapshot_date"].max()]
    was_leaving = latest["from_segment"].isin(LEAVING)
    is_leaving = latest["to_segment"].isin(LEAVING)
    gone = latest[is_leaving & ~was_leaving]
    back = latest[was_leaving & ~is_leaving]
    gone_count, back_count = (
        int(group["customer_count"].sum()) for group in (gone, back)
    )
    brought, returned = (
        amount(group["net_amount_before"].sum(skipna=False), currency)
        for group in (gone, back)
    )
    return [
        f"In the last month {counted(gone_count, 'customer')}, who had brought "
        f"{brought} until then, went over to the segments that customers are lost "
        f"from; {counted(back_count, 'customer')} ({returned}) came back from them."
    ]


def retention(cohorts: pd.DataFrame) -> list[str]:
    """Say whether customers won lately come back as much as those won a year earlier.

    Compared are the whole months 1 to 3 after the first order, of the latest six
    cohorts that have them and of the six cohorts a year older.

    Parameters
    ----------
    cohorts : DataFrame, a row per cohort and month
        ``cohort_month`` (date), ``month_number``, ``cohort_size``,
        ``active_customer_count``, ``is_complete`` and ``is_first_cohort``.
    """
    seen = cohorts[
        cohorts["month_number"].isin(COHORT_AGES)
        & cohorts["is_complete"]
        & ~cohorts["is_first_cohort"]
    ]
    whole = seen.groupby("cohort_month").filter(
        lambda rows: len(rows) == len(COHORT_AGES)
    )
    latest = sorted(whole["cohort_month"].unique())[-COHORT_COUNT:]
    earlier = [date - pd.DateOffset(years=1) for date in latest]
    both = [whole[whole["cohort_month"].isin(dates)] for dates in (latest, earlier)]
    if any(
        rows["cohort_month"].nunique() < COHORT_COUNT
        or rows.drop_duplicates("cohort_month")["cohort_size"].sum() < FEW_CUSTOMERS
        for rows in both
    ):
        return ["There are too few cohorts a year apart to compare how they come back."]
    rates = [
        rows["active_customer_count"].sum() / rows["cohort_size"].sum() for rows in both
    ]
    verdict = (
        "about as often as"
        if abs(rates[0] - rates[1]) < 0.01
        else ("more often than" if rates[0] > rates[1] else "less often than")
    )
    return [
        f"Customers won between {month(latest[0])} and {month(latest[-1])} come back "
        f"{verdict} those won a year earlier: in each of the three months after the "
        f"first order {100 * rates[0]:.1f}{FIXED}% of them ordered, "
        f"against {100 * rates[1]:.1f}{FIXED}% of the others."
    ]


def two_years(years: pd.DataFrame) -> tuple[pd.Series | None, pd.Series | None]:
    """Return the rows of the last year and the one before; None if it does not count.

    Parameters
    ----------
    years : DataFrame
        As for `year_on_year`. A year without an amount does not count, nor a year
        before that the data do not cover.
    """
    found = []
    for is_last in (True, False):
        rows = years[years["is_last_year"] == is_last]
        counts = len(rows) and rows.iloc[0]["net_amount"] > 0
        found.append(rows.iloc[0] if counts else None)
    last, before = found
    if before is not None and not bool(before["is_comparable"]):
        before = None
    return last, before


def _change_parts(last: pd.Series, before: pd.Series) -> dict[str, float]:
    ratio = {
        key: last[key] / before[key]
        for key in ("net_amount", "order_count", "customer_count")
    }
    weight = (last["net_amount"] - before["net_amount"]) / math.log(ratio["net_amount"])
    return {
        "the number of customers": weight * math.log(ratio["customer_count"]),
        "the orders of each": weight
        * math.log(ratio["order_count"] / ratio["customer_count"]),
        "the amount per order": weight
        * math.log(ratio["net_amount"] / ratio["order_count"]),
    }


def _signed(value: float, currency: str) -> str:
    return f"{'+' if value >= 0 else MINUS}{amount(abs(value), currency)}"
