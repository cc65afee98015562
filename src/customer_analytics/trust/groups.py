"""How far to trust groups of customers, rules, lists of products and campaigns."""

import pandas as pd

from customer_analytics.names import name_of
from customer_analytics.report.words import counted, share
from customer_analytics.trust.levels import (
    BETTER_THAN_POPULAR,
    BOOTSTRAP_ARI,
    FAIR,
    GOOD,
    HIT_RATE,
    LOST_CONFIDENCE,
    SILHOUETTE,
    UNKNOWN,
    WEAK,
    Row,
    Statistic,
    Trust,
    at_least,
    at_most,
    figure,
    lower_of,
)


def segments(row: Row | None) -> Trust:
    """Say how far to trust a way of grouping customers.

    Parameters
    ----------
    row : mapping or None
        Of ``evidence.cluster_selection``: ``silhouette``, ``bootstrap_ari``,
        ``stay_rate``, ``smallest_share``, ``is_qualified``. None: rules, not fitted.
    """
    if row is None:
        return Trust(
            GOOD,
            "These are rules over how lately, how often and for how much customers "
            "ordered, the same for every shop; nothing is guessed.",
        )
    clear = at_least(row["silhouette"], SILHOUETTE)
    again = at_least(row["bootstrap_ari"], BOOTSTRAP_ARI)
    borders = {
        GOOD: "Few customers lie between two groups",
        FAIR: "Many customers lie near the border of two groups",
        WEAK: "The groups run into one another",
        UNKNOWN: "How clear their borders are is not known",
    }[clear]
    stable = {
        GOOD: "and other samples of customers give the same groups",
        FAIR: "and other samples of customers give similar groups",
        WEAK: "and other samples of customers give other groups",
        UNKNOWN: "and whether they come out again is not known",
    }[again]
    level = lower_of(clear, again)
    acting = {
        GOOD: "Give each group an action of its own.",
        FAIR: "Use them for the tone and the offer of a campaign; a single customer "
        "may be in the wrong one.",
        WEAK: "Use them to describe customers, not to treat them differently.",
        UNKNOWN: "Use them to describe customers.",
    }[level]
    return Trust(
        level,
        f"{borders}, {stable}. {acting}",
        (
            Statistic(
                "Silhouette: how clear the borders are",
                figure(row["silhouette"]),
                "0.5 or more; under 0.25 there are none",
            ),
            Statistic(
                "Bootstrap ARI: whether other customers give the same groups",
                figure(row["bootstrap_ari"]),
                "0.8 or more; 0 is chance, 1 the same groups",
            ),
            Statistic(
                "Stay in their group from month to month",
                figure(row["stay_rate"], ".0%"),
                "80 % or more, for actions that take months",
            ),
            Statistic(
                "Smallest group", figure(row["smallest_share"], ".0%"), "5 % or more"
            ),
        ),
    )


def rules(before: float | None, after: float | None, n: int) -> Trust:
    """Say how far to trust rules of products that are bought together.

    Parameters
    ----------
    before, after : float or None
        Mean confidence of rules when they were found, and in the months after.
    n : int
        Of such rules.
    """
    if before is None or after is None or pd.isna(before) or pd.isna(after):
        return Trust(UNKNOWN, "The log is too short to see whether rules last.")
    level = at_most(max(before - after, 0), LOST_CONFIDENCE)
    acting = {
        GOOD: "They last: put such products together in the shop and in offers.",
        FAIR: "They last in part: try them, the surest first.",
        WEAK: "They fade: use none that is older than a season.",
    }[level]
    return Trust(
        level,
        f"{n:,} rules that were found earlier held for {share(before)} of the baskets "
        f"then, and for {share(after)} in the months after. {acting}",
        (
            Statistic("Mean confidence when found", share(before), "–"),
            Statistic(
                "Mean confidence in the months after",
                share(after),
                "at most 5 points lower",
            ),
            Statistic("Rules so tried", f"{n:,}", "30 or more"),
        ),
    )


def recommendations(served: Row, popular: float | None) -> Trust:
    """Say how far to trust lists of ten products.

    Parameters
    ----------
    served : mapping
        Of ``evidence.recommender_metrics``, of the source that serves: ``source``,
        ``hit_rate``, ``recall``, ``ndcg`` and ``n``.
    popular : float or None
        Hit rate of the ten best sellers.
    """
    level = at_least(served["hit_rate"], HIT_RATE)
    is_known = popular is not None and pd.notna(popular)
    if is_known and served["hit_rate"] < BETTER_THAN_POPULAR * popular:
        level = lower_of(level, FAIR)
    acting = {
        GOOD: "Put them into offers.",
        FAIR: "Put several into an offer: one of them may hit.",
        WEAK: "Most miss: show them where showing costs nothing.",
        UNKNOWN: "They could not be tried.",
    }[level]
    beside = f", ten best sellers for {100 * popular:.0f}" if is_known else ""
    return Trust(
        level,
        "At past dates ten of them held a product that was then bought for "
        f"{100 * served['hit_rate']:.0f} of 100 customers{beside}. {acting}",
        (
            Statistic("Serves", name_of(served["source"]), "–"),
            Statistic(
                "Hit rate: lists of ten with a product bought next",
                share(served["hit_rate"]),
                "30 % or more, and above best sellers",
            ),
            Statistic(
                "Recall: share of the next basket in the list",
                share(served["recall"]),
                "10 % or more",
            ),
            Statistic(
                "NDCG: are the hits near the top",
                figure(served["ndcg"], ".3f"),
                "above best sellers; 1 is perfect",
            ),
            Statistic("Tried on", counted(int(served["n"]), "basket"), "1,000 or more"),
        ),
    )


def campaigns(power: Row | None) -> Trust:
    """Say how far to trust what campaigns are expected to pay.

    Parameters
    ----------
    power : mapping or None
        Of ``evidence.campaign_power`` for net amounts.
    """
    told = (
        "Who is at risk is predicted; what a contact saves is an assumption of the "
        "settings until customers who are left alone show it. Send to the list, and "
        "keep the hold-out alone"
    )
    if power is None or pd.isna(power["detectable_difference"]):
        return Trust(WEAK, f"{told}.")
    detects, expects = power["detectable_difference"], power["expected_difference"]
    enough = pd.notna(expects) and expects >= detects
    return Trust(
        WEAK,
        f"{told}: "
        + (
            "it is large enough to show the effect that is assumed."
            if enough
            else "it is too small to show the effect that is assumed within one "
            "campaign, so add up several."
        ),
        (
            Statistic(
                "Difference per customer in 90 days that this hold-out shows",
                figure(detects, ",.0f"),
                "at most what is expected; in four of five campaigns",
            ),
            Statistic(
                "Difference per customer that is expected", figure(expects, ",.0f"), "–"
            ),
            Statistic(
                "Customers it would take to show that",
                figure(power["needed_customer_count"], ",.0f"),
                "as many as are in the campaign, or fewer",
            ),
        ),
    )


def counted_only(what: str) -> Trust:
    """Say that nothing is predicted.

    Parameters
    ----------
    what : str
        A sentence: what to mind all the same.
    """
    return Trust(GOOD, f"This is counted, not predicted. {what}")
