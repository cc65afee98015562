"""Segments: how large, how different, where on the map, who moves."""

import pandas as pd
import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import segments
from customer_analytics.dashboard.columns import percent, whole
from customer_analytics.dashboard.data import query, row
from customer_analytics.dashboard.parts import (
    day,
    header,
    how_sure,
    missing,
    plain,
    share,
    show,
    table,
)
from customer_analytics.names import grouping, in_words, name_of

SCHEMES = """
select scheme, any_value(feature_set) as feature_set, any_value(algorithm) as algorithm,
    bool_or(is_chosen) as is_chosen, count(*) as segment_count
from marts.segment_profiles
group by scheme
-- Segments by attributes have no movements to show, and come after the others.
order by is_chosen desc, any_value(feature_set) = 'attributes', scheme
"""
PROFILES = """
select * from marts.segment_profiles
where scheme = $scheme
order by net_amount_share desc nulls last, segment_name
"""
# The features that tell the segments apart most.
FEATURES = """
with labelled as (
    select
        profiles.segment_name,
        coalesce(labels.label, replace(features.feature, '_', ' ')) as feature,
        features.deviation,
        features.median_value,
        features.all_median_value,
        max(abs(features.deviation)) over (partition by features.feature) as spread
    from marts.segment_profile_features as features
    inner join marts.segment_profiles as profiles using (scheme, segment_id)
    left join reference.prediction_features as labels using (feature)
    where features.scheme = $scheme and features.deviation is not null
)
select * from labelled
qualify dense_rank() over (order by spread desc, feature) <= 16
order by feature, segment_name
"""
MAP = """
with members as (
    select customer_id, segment_name from marts.customer_segments
    where scheme = $scheme
    union all
    select customer_id, rfm_segment from marts.customer_rfm
    where $scheme = 'rfm'
)
select customer_id, x, y, segment_name, explained_variance_x, explained_variance_y
from marts.customer_projection
inner join members using (customer_id)
where customer_projection.scheme = $map
order by hash(customer_id), customer_id
limit 2000
"""
MOVES = """
with moves as (
    select scheme, snapshot_date, previous_snapshot_date, from_segment, to_segment,
        customer_count
    from marts.segment_migration
    union all
    select 'rfm', snapshot_date, previous_snapshot_date, from_segment, to_segment,
        customer_count
    from marts.rfm_migration
)
select * from moves
where scheme = $scheme
    and from_segment is not null and to_segment is not null and customer_count > 0
order by snapshot_date desc, from_segment, to_segment
"""
SELECTION = """
select * from evidence.cluster_selection
where feature_set = $feature_set and algorithm = $algorithm and is_best_of_algorithm
"""


def page() -> None:
    """Show the page."""
    header(
        "Segments",
        "Which groups of customers are there, and who moves between them?",
        needs_orders=False,
    )
    schemes = query(SCHEMES)
    if schemes.empty:
        missing("There were too few customers to form segments of.")
        return
    scheme = schemes.set_index("scheme").loc[
        st.selectbox(
            "Groups of customers",
            schemes["scheme"],
            format_func=dict(
                zip(
                    schemes["scheme"],
                    map(scheme_title, schemes.itertuples()),
                    strict=True,
                )
            ).get,
        )
    ]
    profiles = query(PROFILES, scheme=scheme.name)
    quality(scheme)
    show(segments.segment_sizes(profiles), "How large they are")
    personas(profiles)
    features = query(FEATURES, scheme=scheme.name)
    if not features.empty:
        show(
            segments.profile_heat_map(features),
            "In what they differ",
            "The features that tell them apart most. Orange: above the mean of all; "
            "blue: below.",
        )
    customer_map(scheme)
    migration(scheme.name)


def personas(profiles: pd.DataFrame) -> None:
    """Say who the segments are and what to do, and in a click all about them."""
    st.subheader("Who they are, and what to do")
    for segment in profiles.itertuples():
        brings = (
            f", {share(segment.net_amount_share)} of the net amount"
            if pd.notna(segment.net_amount_share)
            else ""
        )
        with st.container(border=True):
            st.markdown(
                f"**{plain(segment.segment_name)}** · {segment.customer_count:,} "
                f"customers, {share(segment.customer_share)} of all{brings}"
            )
            persona, action, channel = (
                plain((text or "").rstrip("."))
                for text in (
                    segment.persona,
                    segment.recommended_action,
                    segment.channel_hint,
                )
            )
            st.markdown(f"{persona}.  \n**Do:** {action} ({channel}).")
    with st.expander("All about them, as a table"):
        table(
            profiles,
            {
                "segment_name": "Segment",
                "name_share": percent("The name is true of"),
                "customer_count": whole("Customers"),
                "customer_share": percent("of all"),
                "net_amount_share": percent("of net amount"),
                "persona": "Persona",
                "recommended_action": "Recommended action",
                "channel_hint": "Channel",
                "top_products": "Top products",
            },
            name="segments",
        )


def scheme_title(scheme) -> str:
    """Return how a scheme is named in the list."""
    return grouping(
        scheme.feature_set,
        scheme.segment_count,
        scheme.algorithm,
        is_chosen=scheme.is_chosen,
    )


def quality(scheme: pd.Series) -> None:
    """Say how good the segments are."""
    chosen = row(
        SELECTION,
        feature_set=scheme["feature_set"],
        algorithm=scheme["algorithm"],
    )
    how_sure(
        trust.segments(chosen), "" if chosen is None else in_words(chosen["reason"])
    )


def customer_map(scheme: pd.Series) -> None:
    """Draw customers by the two main axes of what the segments are made of."""
    customers = query(MAP, scheme=scheme.name, map=f"{scheme['feature_set']}_pca")
    if customers.empty:
        return
    show(
        segments.customer_map(customers),
        "A map of the customers",
        f"Two main axes (PCA) of {name_of(scheme['feature_set'])}; "
        f"{len(customers):,} customers, the same at each visit.",
    )


def migration(scheme: str) -> None:
    """Draw who moved between two months."""
    moves = query(MOVES, scheme=scheme)
    if moves.empty:
        missing(
            "Movements are followed from month to month, of the chosen segments and "
            "the RFM rules, where there are orders."
        )
        return
    st.subheader("Who moves")
    months = moves.drop_duplicates("snapshot_date")
    spans = {
        latest: f"{day(before)} to {day(latest)}"
        for latest, before in zip(
            months["snapshot_date"], months["previous_snapshot_date"], strict=True
        )
    }
    month = st.selectbox("From month to month", list(spans), format_func=spans.get)
    chosen = moves[moves["snapshot_date"] == month]
    stayed = chosen.loc[
        chosen["from_segment"] == chosen["to_segment"], "customer_count"
    ].sum()
    st.caption(
        f"{spans[month]}: {share(stayed / chosen['customer_count'].sum())} stayed. "
        "Left before, right after; a band's height is its customers."
    )
    show(segments.migration_flow(chosen))
