"""How far to trust what is predicted of single customers."""

import pandas as pd

from customer_analytics.names import name_of
from customer_analytics.report.words import FIXED, between, counted, share
from customer_analytics.trust.levels import (
    AUC,
    CALIBRATION,
    FAIR,
    GOOD,
    SPEARMAN,
    TOTAL_OFF,
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


def prediction(row: Row) -> Trust:
    """Say how far to trust a prediction of who will do something.

    Parameters
    ----------
    row : mapping
        Of ``evidence.chosen_models``: ``status``, ``model``, ``variant``, ``n``,
        ``cutoff_count``, ``roc_auc``, ``brier`` and ``mean_`` and
        ``worst_calibration_error``; nulls where it is not of yes or no.
    """
    if row["status"] == "not served":
        return Trust(UNKNOWN, "It is not predicted, as the data are too short.")
    ranks, says = (
        at_least(row["roc_auc"], AUC),
        at_most(row["mean_calibration_error"], CALIBRATION),
    )
    if ranks == UNKNOWN and row["status"] == "model served":
        # Of classes and numbers: it serves since it was nearer than their average.
        return Trust(
            FAIR,
            "It came nearer than the average of all customers does: use it to choose "
            "among them, and expect some to be wrong.",
            (Statistic("Serves", served_by(row), "a model that beats the average"),),
        )
    if ranks == UNKNOWN:
        return Trust(
            WEAK,
            "No model told customers apart better than their average does: use it for "
            "plans of all customers, not to choose among them.",
        )
    is_rule = row["status"] != "model served"
    # Given outcomes have no dates: they are tried on customers who were left out.
    is_by_fold = "cross-validation" in str(row.get("protocol"))
    part = "fold" if is_by_fold else "date"
    where = "Of customers it had not seen" if is_by_fold else "At past dates"
    told = (
        f"{where} it put the right one of two customers first in "
        f"{100 * row['roc_auc']:.0f} of 100 pairs (a coin: 50)"
        f"{', a simple rule: no model did better' if is_rule else ''}. "
    )
    ranking = {
        GOOD: "Work down the list from the top",
        FAIR: "Work down the list, and expect some wrong names near the top",
        WEAK: "Take the order of the list as a hint",
    }[ranks]
    off = share(row["mean_calibration_error"]).replace(f"{FIXED}%", " points")
    level = {
        GOOD: f"the percentages can be counted on, within about {off}",
        FAIR: f"take the percentages as rough, they were off by {off} on average",
        WEAK: f"do not plan with the percentages, they were off by {off} on average",
        UNKNOWN: "whether the percentages come true is not known",
    }[says]
    return Trust(
        lower_of(ranks, says),
        f"{told}{ranking}; {level}."
        + (f" It {row['warning']}." if isinstance(row.get("warning"), str) else ""),
        (
            Statistic("Serves", served_by(row), "a model that beats every simple rule"),
            Statistic(
                "ROC-AUC: how well it ranks",
                figure(row["roc_auc"], ".3f"),
                "0.8 or more; 0.5 is chance, 1 perfect",
            ),
            Statistic(
                f"Calibration error of a {part}, on average",
                figure(row["mean_calibration_error"], ".1%"),
                "5 % or less; 0 is perfect",
            ),
            Statistic(
                f"Calibration error at the worst {part}",
                figure(row["worst_calibration_error"], ".1%"),
                "10 % or less",
            ),
            Statistic(
                "Brier score",
                figure(row["brier"], ".3f"),
                "below that of the best simple rule; 0 is perfect",
            ),
            Statistic(
                "Tried on",
                f"{counted(int(row['n']), 'prediction')}, "
                f"{counted(int(row['cutoff_count']), part)}",
                f"1,000 or more, of 3 {part}s or more",
            ),
        ),
    )


def served_by(row: Row) -> str:
    """Return which model serves, with its variant where it has one."""
    variant = row.get("variant")
    told = f" ({name_of(variant)})" if variant not in (None, "plain") else ""
    return f"{name_of(row['model'])}{told if isinstance(variant, str) else ''}"


def first_order_amount(row: Row) -> Trust:
    """Say how far to trust what new customers are predicted to spend.

    Parameters
    ----------
    row : mapping
        Of ``evidence.first_order_metrics``, of the model that serves: ``spearman``,
        ``top_decile_capture``, ``bias``, ``r2``, ``n`` and ``is_baseline``.
    """
    level = WEAK if row["is_baseline"] else at_least(row["spearman"], SPEARMAN)
    meaning = {
        GOOD: "It tells big spenders from small ones: sort new customers by it.",
        FAIR: "It tells big spenders from small ones in part: sort new customers by "
        "it, and do not promise the amounts.",
        WEAK: "It hardly tells big spenders from small ones: use it for plans of all "
        "new customers, not to choose among them.",
        UNKNOWN: "It could not be tried.",
    }[level]
    return Trust(
        level,
        meaning,
        (
            Statistic(
                "Rank correlation (Spearman)",
                figure(row["spearman"]),
                "0.5 or more; 0 is chance, 1 perfect",
            ),
            Statistic(
                "Share of all spending that the first tenth brought",
                figure(row["top_decile_capture"], ".0%"),
                "well above the 10 % of chance",
            ),
            Statistic("Total was off by", figure(row["bias"], "+.0%"), "10 % or less"),
            Statistic("R squared", figure(row["r2"]), "above 0; 1 is perfect"),
            Statistic("Tried on", counted(int(row["n"]), "first order"), "500 or more"),
        ),
    )


def lifetime_value(row: Row) -> Trust:
    """Say how far to trust a forecast of what customers will bring.

    Parameters
    ----------
    row : mapping
        Of ``evidence.chosen_lifetime_value_models``.
    """
    total = at_most(row["mean_absolute_bias"], TOTAL_OFF)
    if total == UNKNOWN:
        return Trust(UNKNOWN, "It could not be tried at any date of the past.")
    # Whether it ranks better than the best simple rule by more than chance.
    proven = pd.notna(row["gini_gap_low"]) and row["gini_gap_low"] > 0
    worst = at_most(row["worst_bias"], (TOTAL_OFF[1], 2 * TOTAL_OFF[1]))
    level = lower_of(total, worst, GOOD if proven else FAIR)
    off = share(row["mean_absolute_bias"])
    plan = {
        GOOD: "Plan with the total",
        FAIR: "Plan with the total, and leave room",
        WEAK: "Do not plan with the total",
    }[lower_of(total, worst)]
    ranking = (
        "the order of customers is better than any simple rule's"
        if proven
        else "the order of customers is about as good as a simple rule's"
    )
    return Trust(
        level,
        f"At past dates its total was off by {off} on average, by "
        f"{share(abs(row['worst_bias']))} at the worst. {plan}; {ranking}. A single "
        "customer may bring anything within the interval.",
        (
            Statistic(
                "Serves",
                name_of(row["model"]),
                "a model that ranks better than the best simple rule",
            ),
            Statistic(
                "Best simple rule", name_of(row["baseline_model"]), "of lower Gini"
            ),
            Statistic(
                "Normalised Gini: how well it ranks",
                figure(row["mean_gini"], ".3f"),
                f"above the best simple rule's {figure(row['baseline_gini'], '.3f')}; "
                "0 is chance, 1 perfect",
            ),
            Statistic("Total was off by, on average", off, "10 % or less"),
            Statistic(
                "Total at the worst date",
                figure(row["worst_bias"], "+.0%"),
                "25 % or less, either way",
            ),
            Statistic(
                "Came within the 80 % interval, by date",
                "–"
                if pd.isna(row["lowest_interval_coverage"])
                else between(
                    (
                        row["lowest_interval_coverage"],
                        row["highest_interval_coverage"],
                    )
                ),
                "70 % to 90 %",
            ),
            Statistic(
                "Tried at", counted(int(row["cutoff_count"]), "date"), "3 or more"
            ),
        ),
    )
