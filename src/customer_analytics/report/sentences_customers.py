"""Sentences about what the customers are, from the report's tables."""

import math

import pandas as pd

from customer_analytics.report.words import (
    NO_PRICES,
    amount,
    counted,
    listed,
    product,
    share,
)

# Customers that a sentence about the best tenth or hundredth needs.
FEW_CUSTOMERS = 20


def concentration(customers: pd.DataFrame, currency: str) -> list[str]:
    """Say how much the best customers bring, and on how many half of it hangs.

    Parameters
    ----------
    customers : DataFrame, a row per customer with a purchase
        ``net_amount``; amounts of 0 and less are left out.
    currency : str
        Name of the currency.

    Returns
    -------
    list of str
        Sentences; with fewer than 20 customers one that says so.
    """
    amounts = customers["net_amount"]
    if len(amounts) and amounts.isna().all():
        return [NO_PRICES]
    amounts = amounts[amounts > 0].sort_values(ascending=False)
    count = len(amounts)
    if count < FEW_CUSTOMERS:
        return [
            f"Only {counted(count, 'customer')} brought anything: too few to say "
            "how the revenue is spread."
        ]
    total = amounts.sum()
    tenth = math.ceil(0.1 * count)
    sentences = [
        f"The best tenth of the customers ({tenth:,}) brings "
        f"{share(amounts.head(tenth).sum() / total)} of the {amount(total, currency)} "
        "net."
    ]
    half = int((amounts.cumsum() < total / 2).sum()) + 1
    sentences.append(f"Half of it comes from {counted(half, 'customer')}.")
    return sentences


def habits(customers: pd.DataFrame) -> list[str]:
    """Say how many customers come back, and after how many days.

    Parameters
    ----------
    customers : DataFrame, a row per customer with a purchase
        ``order_count`` (1 or more) and ``median_days_between_orders`` (null with one
        order).
    """
    if customers.empty:
        return ["Nobody has ordered yet."]
    count = len(customers)
    once = int((customers["order_count"] == 1).sum())
    if once == count:
        return ["Nobody has ordered twice yet."]
    gap = customers["median_days_between_orders"].median()
    sentences = [
        f"{share(once / count)} of the {counted(count, 'customer')} have ordered once "
        "only."
    ]
    if gap == gap:
        days = counted(max(round(gap), 1), "day")
        sentences.append(
            f"Who comes back leaves {days} between two orders, in the middle of all "
            "who do."
        )
    return sentences


def guests(span: pd.DataFrame) -> list[str]:
    """Say how much is sold to buyers who are not known, where that is 1 % or more.

    Parameters
    ----------
    span : DataFrame of one row
        ``guest_share`` of the gross amount, 0 to 1, or null.
    """
    guest_share = span["guest_share"].iloc[0]
    if not guest_share >= 0.01:
        return []
    return [
        f"{share(guest_share)} of all that is sold goes to guests, of whom nothing is "
        "known but the order: they are in the sales, not among the customers."
    ]


def segments(profiles: pd.DataFrame) -> list[str]:
    """Say which segment brings most and which is largest.

    Parameters
    ----------
    profiles : DataFrame, a row per segment
        ``segment_name``, ``customer_share`` and ``net_amount_share`` (0 to 1; null
        where there is no order log).
    """
    if profiles.empty:
        return ["There are too few customers to form segments of."]
    count = len(profiles)
    largest = profiles.loc[profiles["customer_share"].idxmax()]
    sentences = [f"The customers fall into {counted(count, 'group')}."]
    if profiles["net_amount_share"].notna().any():
        best = profiles.loc[profiles["net_amount_share"].idxmax()]
        sentences.append(
            f"The group {best['segment_name']} brings "
            f"{share(best['net_amount_share'])} of the net amount and is "
            f"{share(best['customer_share'])} of the customers."
        )
        if best["segment_name"] == largest["segment_name"]:
            return [*sentences, "It is also the largest group."]
    sentences.append(
        f"The largest group by number is {largest['segment_name']}, with "
        f"{share(largest['customer_share'])} of the customers."
    )
    return sentences


def products_together(rules: pd.DataFrame) -> list[str]:
    """Say which product surely goes with which.

    Parameters
    ----------
    rules : DataFrame, a row per rule, surest first
        ``antecedent``, ``consequent``, ``confidence`` (0 to 1) and ``lift``.
    """
    if rules.empty:
        return []
    rule = rules.iloc[0]
    return [
        f"Products go together: of the baskets with {product(rule['antecedent'])}, "
        f"{share(rule['confidence'])} also hold {product(rule['consequent'])}, "
        f"{rule['lift']:.0f} times as many as by chance."
    ]


def newcomers(predictions: pd.DataFrame) -> list[str]:
    """Say how many new customers will probably come back, and who first.

    Parameters
    ----------
    predictions : DataFrame, a row per customer whose first order is under 90 days old
        ``customer_id`` and ``probability`` of another order, highest first.
    """
    if predictions.empty:
        return []
    count = len(predictions)
    best = predictions["customer_id"].head(3).tolist()
    return [
        f"Of {counted(count, 'customer')} whose first order is less than 90 days old, "
        f"about {predictions['probability'].sum():.0f} will order again within those "
        f"90 days; most surely {listed(best)}."
    ]


def stock(signals: pd.DataFrame, currency: str) -> list[str]:
    """Say how many products fall or sleep, and what is at stake with them.

    Parameters
    ----------
    signals : DataFrame, at most a row each for falling and slow_moving
        ``signal``, ``product_count`` and ``amount_at_stake``.
    currency : str
        Name of the currency.
    """
    verbs = {"falling": ("sells less", "sell less"), "slow_moving": ("sleeps", "sleep")}
    texts = [
        f"{counted(int(row.product_count), 'product')} "
        f"{verbs[row.signal][row.product_count > 1]} "
        f"({amount(row.amount_at_stake, currency)} at stake)"
        for row in signals.itertuples()
        if row.signal in verbs
    ]
    return [f"In stock, {listed(texts)}."] if texts else []
