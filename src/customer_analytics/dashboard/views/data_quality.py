"""Data quality: what was in the file, what was left out, what has shifted."""

import streamlit as st

from customer_analytics.charts import quality
from customer_analytics.charts.theme import money_title
from customer_analytics.dashboard.columns import decimal, percent, whole
from customer_analytics.dashboard.data import currency, query
from customer_analytics.dashboard.parts import header, missing, show, table

PROFILE = "select * from marts.data_profile order by column_position"
REASONS = """
select replace(exclusion_reason, '_', ' ') as exclusion_reason,
    count(*) as line_count
from marts.excluded_lines
group by all
order by line_count desc, exclusion_reason
"""
EXCLUDED = """
select * from marts.excluded_lines
where replace(exclusion_reason, '_', ' ') = $reason
order by abs(line_amount) desc nulls last, excluded_line_id
limit $most
"""
FEATURES = """
select distinct
    bins.feature,
    coalesce(labels.label, replace(bins.feature, '_', ' ')) as label,
    labels.unit
from marts.feature_distributions as bins
left join reference.prediction_features as labels using (feature)
order by label
"""
BINS = """
select * from marts.feature_distributions
where feature = $feature
order by bin_number
"""
ALIKE = """
select
    coalesce(first.label, replace(feature_a, '_', ' ')) as feature_a,
    coalesce(second.label, replace(feature_b, '_', ' ')) as feature_b,
    spearman, pearson, customer_count
from marts.feature_correlations
left join reference.prediction_features as first on feature_a = first.feature
left join reference.prediction_features as second on feature_b = second.feature
where feature_a < feature_b and spearman is not null
order by abs(spearman) desc, feature_a, feature_b
limit 200
"""
DRIFT = """
select
    coalesce(targets.description, drift.target) as target,
    coalesce(labels.label, replace(drift.feature, '_', ' ')) as feature,
    drift.verdict, drift.psi
from evidence.score_drift as drift
left join reference.prediction_targets as targets using (target)
left join reference.prediction_features as labels using (feature)
order by drift.psi desc nulls last, target, feature
"""
# Lines that are listed, and downloaded, at most.
LISTED_LINES = 10_000


def page() -> None:
    """Show the page."""
    if not header(
        "Data quality", "What was in the file, what was left out, and what has shifted?"
    ):
        return
    excluded()
    st.subheader("What was in the file")
    table(
        query(PROFILE),
        {
            "column_name": "Column",
            "column_type": "Type",
            "null_share": percent("Missing"),
            "distinct_count": whole("Different values"),
            "lowest_value": "Lowest",
            "median_value": "Median",
            "highest_value": "Highest",
            "top_values": "Most frequent",
        },
        name="data_profile",
    )
    distributions()
    with st.expander("Features that say the same"):
        table(
            query(ALIKE),
            {
                "feature_a": "Feature",
                "feature_b": "and",
                "spearman": decimal("Rank correlation"),
                "pearson": decimal("Correlation"),
                "customer_count": whole("Customers"),
            },
            name="feature_correlations",
        )
    drift()


def excluded() -> None:
    """Show how many lines were left out, why, and which."""
    reasons = query(REASONS)
    if reasons.empty:
        st.subheader("What was left out")
        missing("Not a line was left out.")
        return
    show(
        quality.excluded_lines(reasons),
        "What was left out",
        "Every line that is not kept is here once; the overview reconciles them.",
    )
    reason = st.selectbox("Lines left out as", reasons["exclusion_reason"], width=320)
    found = query(EXCLUDED, reason=reason, most=LISTED_LINES)
    table(
        found,
        {
            name: name.replace("_", " ").capitalize()
            for name in (
                *("exclusion_detail", "invoice", "stock_code", "description"),
                *("quantity", "unit_price", "amount", "invoice_date", "customer_id"),
            )
            if found[name].notna().any()
        },
        name="excluded_lines",
    )
    if len(found) == LISTED_LINES:
        st.caption(
            f"The {LISTED_LINES:,} largest amounts; the table `excluded_lines` has all."
        )


def distributions() -> None:
    """Draw how one feature is spread over the customers."""
    features = query(FEATURES).set_index("feature")
    if features.empty:
        return
    st.subheader("How customers differ")
    feature = st.selectbox(
        "Feature", features.index, format_func=features["label"].get, width=420
    )
    title = features.loc[feature, "label"].capitalize()
    if features.loc[feature, "unit"] == "money":
        title = money_title(title, currency())
    show(quality.feature_distribution(query(BINS, feature=feature), title=title))


def drift() -> None:
    """Show whether today's customers are like those that models learnt from."""
    found = query(DRIFT)
    if found.empty:
        return
    st.subheader("Are today's customers like those that were learnt from?")
    counts = found["verdict"].value_counts()
    st.caption(
        "Population stability index of every feature of every prediction: "
        + ", ".join(f"{count} {name}" for name, count in counts.items())
        + ". Below 0.1 is stable, from 0.25 on shifted: where many are, trust the "
        "prediction less until it has learned anew."
    )
    table(
        found,
        {
            "target": "Prediction",
            "feature": "Feature",
            "verdict": "Verdict",
            "psi": decimal("Index"),
        },
        name="score_drift",
    )
