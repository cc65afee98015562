"""Charts of customer segments: sizes, profiles, map, movements."""

import altair as alt
import numpy as np
import pandas as pd

from customer_analytics.charts.theme import (
    BLUE,
    DIVERGING,
    ORANGE,
    bottom_legend,
    categories,
    row_height,
    share_axis,
)

# Points along a ribbon of the flow, and the gap between groups, as a share of all.
RIBBON_STEPS = 24
GROUP_GAP = 0.02


def segment_sizes(segments: pd.DataFrame) -> alt.Chart:
    """Draw each segment's share of customers beside its share of the net amount.

    Parameters
    ----------
    segments : DataFrame, a row per segment
        ``segment_name``, ``customer_share`` and ``net_amount_share`` (0 to 1; left out
        where it is unknown, as without orders).
    """
    names = {"customer_share": "Customers", "net_amount_share": "Net amount"}
    names = {
        name: title for name, title in names.items() if segments[name].notna().any()
    }
    long = segments.melt(
        "segment_name", list(names), var_name="measure", value_name="share"
    ).replace({"measure": names})
    order = segments.sort_values(list(names)[-1], ascending=False)["segment_name"]
    return (
        alt.Chart(long, height=row_height(len(segments), 44))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", axis=share_axis("Share of all")),
            y=alt.Y(
                "segment_name:N",
                sort=list(order),
                title=None,
                axis=alt.Axis(labelLimit=160),
            ),
            yOffset=alt.YOffset("measure:N", sort=list(names.values())),
            color=alt.Color(
                "measure:N",
                scale=alt.Scale(domain=list(names.values()), range=[BLUE, ORANGE]),
                legend=bottom_legend("Share of", 2),
            ),
            tooltip=[
                alt.Tooltip("segment_name:N", title="Segment"),
                alt.Tooltip("measure:N", title="Share of"),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
    )


def profile_heat_map(features: pd.DataFrame) -> alt.Chart:
    """Draw in what segments differ from all customers.

    Parameters
    ----------
    features : DataFrame, a row per segment and feature
        ``segment_name``, ``feature`` (as it is to be read), ``deviation`` (of the
        segment's mean from that of all, in standard deviations), ``median_value`` and
        ``all_median_value``. Colours end at two standard deviations.
    """
    return (
        alt.Chart(features, height=row_height(features["feature"].nunique(), 22))
        .mark_rect()
        .encode(
            x=alt.X(
                "segment_name:N",
                title=None,
                axis=alt.Axis(
                    labelAngle=-90, orient="top", labelLimit=130, labelOverlap=False
                ),
            ),
            y=alt.Y("feature:N", title=None, axis=alt.Axis(labelLimit=150)),
            color=alt.Color(
                "deviation:Q",
                scale=alt.Scale(scheme=DIVERGING, domain=[-2, 2], clamp=True),
                legend=alt.Legend(
                    title="Standard deviations off",
                    orient="bottom",
                    titleLimit=300,
                ),
            ),
            tooltip=[
                alt.Tooltip("segment_name:N", title="Segment"),
                alt.Tooltip("feature:N", title="Feature"),
                alt.Tooltip("deviation:Q", title="Deviation", format="+.2f"),
                alt.Tooltip("median_value:Q", title="Median", format=",.2f"),
                alt.Tooltip("all_median_value:Q", title="Median of all", format=",.2f"),
            ],
        )
    )


def customer_map(customers: pd.DataFrame) -> alt.Chart:
    """Draw customers by the two main axes of their features.

    Parameters
    ----------
    customers : DataFrame, a row per customer, a few thousand at most
        ``customer_id``, ``x``, ``y``, ``segment_name``, ``explained_variance_x`` and
        ``explained_variance_y`` (shares, the same in every row).
    """
    titles = [
        f"Axis {number} ({customers[column].max():.0%} of the variation)"
        for number, column in enumerate(
            ("explained_variance_x", "explained_variance_y"), start=1
        )
    ]
    names = sorted(customers["segment_name"].unique())
    return (
        alt.Chart(customers, height=420)
        .mark_circle(size=28, opacity=0.65)
        .encode(
            x=alt.X("x:Q", title=titles[0], axis=alt.Axis(tickCount=6)),
            y=alt.Y("y:Q", title=titles[1], axis=alt.Axis(tickCount=6)),
            color=alt.Color(
                "segment_name:N",
                scale=categories(names),
                legend=bottom_legend("Segment", 2),
            ),
            tooltip=[
                alt.Tooltip("customer_id:N", title="Customer"),
                alt.Tooltip("segment_name:N", title="Segment"),
            ],
        )
    )


def flow_ribbons(moves: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay out a flow between two columns of groups.

    Parameters
    ----------
    moves : DataFrame, a row per pair of groups
        ``from_segment``, ``to_segment`` and ``customer_count`` (above 0).

    Returns
    -------
    ribbons : DataFrame, ``RIBBON_STEPS`` rows per pair
        The pair, ``x`` from 0 to 1, and ``low`` and ``high``, the ribbon's edges at x.
        All customers are 1 high; groups stand ``GROUP_GAP`` apart.
    groups : DataFrame, a row per side and group
        ``side`` (0 left, 1 right), ``segment``, ``low``, ``high`` and the group's
        ``customer_count``.
    """
    total = moves["customer_count"].sum()
    names = sorted({*moves["from_segment"], *moves["to_segment"]})
    ordered = moves.sort_values(["from_segment", "to_segment"]).reset_index(drop=True)
    edges, groups = {}, []
    for side, key in enumerate(("from_segment", "to_segment")):
        low = 0.0
        starts = pd.Series(0.0, index=ordered.index)
        for name in names:
            rows = ordered[ordered[key] == name]
            if rows.empty:
                continue
            heights = rows["customer_count"] / total
            starts[rows.index] = low + heights.cumsum() - heights
            count = rows["customer_count"].sum()
            groups.append((side, name, low, low + heights.sum(), count))
            low += heights.sum() + GROUP_GAP
        edges[side] = starts
    x = np.linspace(0, 1, RIBBON_STEPS)
    # A smooth step: level at both ends.
    bend = x * x * (3 - 2 * x)
    ribbons = [
        pd.DataFrame(
            {
                "from_segment": row.from_segment,
                "to_segment": row.to_segment,
                "customer_count": row.customer_count,
                "x": x,
                "low": (low := edges[0][i] + bend * (edges[1][i] - edges[0][i])),
                "high": low + row.customer_count / total,
            }
        )
        for i, row in enumerate(ordered.itertuples())
    ]
    return (
        pd.concat(ribbons, ignore_index=True),
        pd.DataFrame(
            groups, columns=["side", "segment", "low", "high", "customer_count"]
        ),
    )


def migration_flow(moves: pd.DataFrame) -> alt.LayerChart:
    """Draw how customers moved between segments, before on the left, after right.

    Parameters
    ----------
    moves : DataFrame, a row per pair of segments
        ``from_segment``, ``to_segment`` and ``customer_count`` (above 0).
    """
    ribbons, groups = flow_ribbons(moves)
    names = sorted({*moves["from_segment"], *moves["to_segment"]})
    groups["middle"] = (groups["low"] + groups["high"]) / 2
    groups["label"] = [
        f"{name} {count:,}"
        for name, count in zip(groups["segment"], groups["customer_count"], strict=True)
    ]
    scale = categories(names)
    bands = (
        alt.Chart(ribbons)
        .mark_area(opacity=0.45)
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.02, 1.02])),
            y=alt.Y("low:Q", axis=None, scale=alt.Scale(reverse=True, nice=False)),
            y2="high:Q",
            detail=["from_segment:N", "to_segment:N"],
            color=alt.Color("from_segment:N", scale=scale, legend=None),
            tooltip=[
                alt.Tooltip("from_segment:N", title="From"),
                alt.Tooltip("to_segment:N", title="To"),
                alt.Tooltip("customer_count:Q", title="Customers", format=",d"),
            ],
        )
    )
    blocks = (
        alt.Chart(groups)
        .transform_calculate(left="datum.side - 0.012", right="datum.side + 0.012")
        .mark_rect()
        .encode(
            x="left:Q",
            x2="right:Q",
            y="low:Q",
            y2="high:Q",
            color=alt.Color("segment:N", scale=scale, legend=None),
            tooltip=[
                alt.Tooltip("segment:N", title="Segment"),
                alt.Tooltip("customer_count:Q", title="Customers", format=",d"),
            ],
        )
    )
    labels = [
        alt.Chart(groups[groups["side"] == side])
        .mark_text(align=align, dx=dx, fontSize=12, fontWeight="bold")
        .encode(x="side:Q", y="middle:Q", text="label:N")
        for side, align, dx in ((0, "left", 10), (1, "right", -10))
    ]
    return alt.layer(bands, blocks, *labels).properties(
        height=max(320, 36 * len(groups))
    )
