"""Sentences about how sure the report is: risks, forecasts, recommendations, data."""

import pandas as pd

from customer_analytics.names import name_of
from customer_analytics.report.words import (
    amount,
    between,
    counted,
    out_of_hundred,
    share,
)

REASONS = {
    "exact_duplicate": "exact copies of another line",
    "not_a_product": "postage, fees and the like",
    "stock_write_off": "stock write-offs",
    "no_or_negative_price": "lines without a price",
    "unreadable": "unreadable values",
    "after_as_of_date": "lines after the as-of date",
}
# What is a high probability, and how many customers a sentence about it needs.
HIGH, FEW_CUSTOMERS = 0.6, 50


def risk(tiers: pd.DataFrame, returns: pd.DataFrame, currency: str) -> list[str]:
    """Say how many active customers will probably pause, and what hangs on them.

    Parameters
    ----------
    tiers : DataFrame, a row per tier
        ``tier``, ``customer_count``, ``expected_pauses`` (the sum of probabilities),
        ``predicted_amount`` (of 365 days) and ``forecast_count``.
    returns : DataFrame, a row per past date
        ``return_rate`` and ``paused_amount_share``, 0 to 1: of those who paused, who
        came back within the year, and what they brought of what was forecast.
    currency : str
        Name of the currency.
    """
    if tiers.empty:
        return ["Who will pause is not predicted: the data are too short."]
    count = int(tiers["customer_count"].sum())
    pauses = round(tiers["expected_pauses"].sum())
    sentences = [
        f"Of the {counted(count, 'active customer')}, about {pauses:,} will probably "
        "pause: order nothing in the next 90 days."
    ]
    back = returns.dropna(subset=["return_rate", "paused_amount_share"])
    if len(back):
        rate, brought = back["return_rate"], back["paused_amount_share"]
        sentences.append(
            f"A pause is no parting: by past date, {between(rate)} of those who paused "
            f"came back within the year, and they brought {between(brought)} of what "
            "was forecast of them."
        )
    high = tiers[tiers["tier"] == "high"]
    if len(high) and high.iloc[0]["forecast_count"] > 0:
        row = high.iloc[0]
        mean = row["expected_pauses"] / row["customer_count"]
        sentences.append(
            f"The {int(row['customer_count']):,} at high risk ({share(mean)} on "
            "average) are still expected to bring "
            f"{amount(row['predicted_amount'], currency)} in the next year."
        )
    return sentences


def campaigns(audiences: pd.DataFrame, power: pd.DataFrame, currency: str) -> list[str]:
    """Say for how many customers a contact pays, and what measuring it can show.

    Parameters
    ----------
    audiences : DataFrame, a row per campaign with somebody to contact
        ``contact_count``, ``hold_out_count`` and ``expected_value`` of those contacted,
        by the assumptions of the project's settings.
    power : DataFrame, a row or none
        ``detectable_difference`` and ``expected_difference`` in 90 days per customer,
        and ``needed_customer_count``; nulls where they are unknown.
    currency : str
        Name of the currency.
    """
    if audiences.empty:
        return ["By the assumptions that are set, a contact would pay for nobody."]
    contacts, held_out = (
        int(audiences[column].sum()) for column in ("contact_count", "hold_out_count")
    )
    value = amount(audiences["expected_value"].sum(skipna=False), currency)
    sentences = [
        f"A contact is expected to pay for {counted(contacts, 'customer')}, {value} in "
        "all.",
        "What a contact saves and costs is an assumption until it is measured: "
        f"{counted(held_out, 'customer')} drawn by lot "
        f"{'is' if held_out == 1 else 'are'} left alone to compare with.",
    ]
    for row in power.dropna().itertuples():
        sentences.append(
            "That shows a difference of "
            f"{amount(row.detectable_difference, currency)} or more per customer in 90 "
            f"days; expected are {amount(row.expected_difference, currency)}, which it "
            f"would take {counted(int(row.needed_customer_count), 'customer')} to show."
        )
    return sentences


def reach(lift: pd.DataFrame) -> list[str]:
    """Say how many of those who pause the fifth with the highest risk holds.

    Parameters
    ----------
    lift : DataFrame, a row per decile
        ``decile`` (1: the highest risk), ``n`` and ``positive_count``.
    """
    total = lift["positive_count"].sum() if len(lift) else 0
    if total < FEW_CUSTOMERS:
        return []
    top = lift[lift["decile"] <= 2]
    reached = top["positive_count"].sum() / total
    contacted = top["n"].sum() / lift["n"].sum()
    return [
        f"At past dates, contacting the fifth at the highest risk would have reached "
        f"{share(reached)} of those who paused, {reached / contacted:.1f} times as "
        "many as contacting anybody."
    ]


def ranking(accuracy: pd.DataFrame, target: str) -> list[str]:
    """Say how well a target's model ranks customers, beside the best simple rule.

    Parameters
    ----------
    accuracy : DataFrame, a row per target
        ``target``, ``status``, ``reason``, ``n``, ``roc_auc`` (the chance that a
        customer who did it is ranked above one who did not), ``model``,
        ``baseline_model`` and ``baseline_roc_auc``; nulls where nothing is served.
    target : str
        Which target the sentence is about.
    """
    rows = accuracy[accuracy["target"] == target]
    if rows.empty:
        return []
    row = rows.iloc[0]
    if not pd.notna(row["roc_auc"]):
        return [f"Nothing is predicted here: {row['reason']}."]
    tried = f"Tried on {counted(int(row['n']), 'case')} of the past"
    pairs = out_of_hundred(row["roc_auc"])
    if not pd.notna(row["baseline_roc_auc"]):
        rule = name_of(row["model"])
        return [
            f"{tried}, no model beat the best simple rule, {rule}, which serves: it "
            f"ranks one who pauses above one who orders in {pairs} pairs, a coin in 50."
        ]
    rule = name_of(row["baseline_model"])
    return [
        f"{tried}, the model ranks one who pauses above one who orders in {pairs} "
        f"pairs; the best simple rule, {rule}, does in "
        f"{100 * row['baseline_roc_auc']:.0f}, a coin in 50."
    ]


def calibration(bins: pd.DataFrame) -> list[str]:
    """Say what came of those who were given a high probability, date by date.

    Parameters
    ----------
    bins : DataFrame, a row per past date and bin of like probabilities
        ``cutoff_date``, ``mean_probability``, ``observed_rate`` (0 to 1) and ``n``.
    """
    high = bins[bins["mean_probability"] >= HIGH]
    count = high["n"].sum() if len(high) else 0
    if count < FEW_CUSTOMERS:
        return []
    sums = high.assign(
        said=high["mean_probability"] * high["n"],
        came=high["observed_rate"] * high["n"],
    )
    dates = sums.groupby("cutoff_date")[["said", "came", "n"]].sum()
    dates = dates[dates["n"] >= FEW_CUSTOMERS]
    said, came = sums["said"].sum() / count, sums["came"].sum() / count
    sentence = (
        f"Of those who were given a risk of {share(HIGH)} or more, {share(said)} were "
        f"expected to pause, and {share(came)} did"
    )
    if len(dates) < 2:
        return [f"{sentence}."]
    rates = dates["came"] / dates["n"]
    return [
        f"{sentence}; at single dates between {share(rates.min())} and "
        f"{share(rates.max())}."
    ]


def forecasts(horizons: pd.DataFrame, currency: str) -> list[str]:
    """Say what today's customers will bring, and how wrong such forecasts were.

    Parameters
    ----------
    horizons : DataFrame, a row per horizon
        ``horizon_days``, ``predicted_amount``, ``predicted_amount_low`` and
        ``predicted_amount_high`` (if it is as wrong as at the worst trials),
        ``status``, ``lowest_bias`` and ``highest_bias`` (predicted over actual, less 1,
        of single trials), ``mean_absolute_bias`` (mean of their sizes) and
        ``cutoff_count``; nulls where it could not be tried.
    currency : str
        Name of the currency.
    """
    if horizons["predicted_amount"].isna().all():
        return [
            "What customers will bring is not forecast: the data are too short, or say "
            "no prices."
        ]
    sentences = []
    for row in horizons.itertuples():
        days = counted(int(row.horizon_days), "day")
        sentence = (
            f"In the next {days} today's customers are expected to bring "
            f"{amount(row.predicted_amount, currency)}"
        )
        if not pd.notna(row.mean_absolute_bias) or not pd.notna(row.lowest_bias):
            sentences.append(f"{sentence}; nothing of the past shows how sure that is.")
            continue
        trials = counted(int(row.cutoff_count), "trial")
        doubt = " Take it as a rough guide." if row.status == "inaccurate" else ""
        least = amount(row.predicted_amount_low, currency)
        most = amount(row.predicted_amount_high, currency)
        sentences.append(
            f"{sentence}; in {trials} at past dates such forecasts were wrong by "
            f"{share(row.mean_absolute_bias)} on average, between "
            f"{_off(row.lowest_bias)} and {_off(row.highest_bias)}: by these errors "
            f"{least} to {most} may come.{doubt}"
        )
    return sentences


def recommenders(sources: pd.DataFrame) -> list[str]:
    """Say how often a list of ten products held one that was then bought.

    Parameters
    ----------
    sources : DataFrame, a row per slot (repeat, discovery) and source
        ``slot``, ``source``, ``hit_rate`` (0 to 1), ``is_baseline``, ``is_chosen``.
    """
    sentences = []
    for slot, what in (
        ("repeat", "that the customer bought again"),
        ("discovery", "that was new to the customer"),
    ):
        rows = sources[sources["slot"] == slot]
        chosen = rows[rows["is_chosen"]]
        popular = rows[rows["source"] == "recent_popularity"]
        if chosen.empty or popular.empty:
            continue
        sentences.append(
            f"Ten recommendations held a product {what} for "
            f"{out_of_hundred(chosen['hit_rate'].iloc[0])} customers; ten best sellers "
            f"for {100 * popular['hit_rate'].iloc[0]:.0f}."
        )
    return sentences


def lines_left_out(checks: pd.DataFrame) -> list[str]:
    """Say how many lines were left out, mostly why, and whether the rest adds up.

    Parameters
    ----------
    checks : DataFrame, a row per check of the reconciliation
        ``check_name``, ``raw``, ``kept``, ``excluded`` and ``difference``.
    """
    rows = checks[checks["check_name"] == "lines"]
    if rows.empty or rows.iloc[0]["raw"] == 0:
        return []
    row = rows.iloc[0]
    raw, excluded = int(row["raw"]), int(row["excluded"])
    prefix = "lines excluded: "
    reasons = checks[checks["check_name"].str.startswith(prefix)]
    text = f"{excluded:,} of the {raw:,} lines ({share(excluded / raw)}) were left out"
    if excluded and len(reasons):
        main = reasons.loc[reasons["excluded"].idxmax()]
        reason = main["check_name"].removeprefix(prefix)
        text += (
            f", most of them ({int(main['excluded']):,}) as "
            f"{REASONS.get(reason, reason.replace('_', ' '))}"
        )
    adds_up = (checks["difference"] == 0).all()
    return [
        f"{text}; kept and left out {'add' if adds_up else 'do not add'} up to the "
        "file, in lines and in money."
    ]


def _off(bias: float) -> str:
    if abs(bias) < 0.005:
        return "right"
    return f"{share(abs(bias))} too {'high' if bias > 0 else 'low'}"
