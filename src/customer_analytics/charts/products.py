"""Charts of products and stock."""

import altair as alt
import pandas as pd

from customer_analytics.charts.parts import counted_cells, paired_shares, roomy, valued
from customer_analytics.charts.theme import (
    BLUE,
    money_axis,
    money_title,
    row_height,
)


def abc_classes(classes: pd.DataFrame) -> alt.Chart:
    """Draw the share of products in each class beside their share of the net amount.

    Parameters
    ----------
    classes : DataFrame, a row per class
        ``abc_class``, ``product_share`` and ``net_amount_share`` (0 to 1).
    """
    return paired_shares(
        classes,
        "abc_class",
        title="Class",
        measures={"product_share": "Products", "net_amount_share": "Net amount"},
        order=sorted(classes["abc_class"]),
        height=row_height(len(classes), 48),
    )


def stock_signals(signals: pd.DataFrame, *, currency: str) -> alt.Chart:
    """Draw what is at stake with products that sleep, rise, fall or wait.

    Parameters
    ----------
    signals : DataFrame, a row per signal
        ``signal``, ``product_count`` and ``amount_at_stake``.
    currency : str
        Name of the currency.
    """
    bars = (
        alt.Chart(signals, height=row_height(len(signals), 36))
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X(
                "amount_at_stake:Q",
                axis=money_axis("Amount at stake", currency),
                scale=roomy(signals["amount_at_stake"]),
            ),
            y=alt.Y("signal:N", sort="-x", title=None),
            tooltip=[
                alt.Tooltip("signal:N", title="Signal"),
                alt.Tooltip("product_count:Q", title="Products", format=",d"),
                alt.Tooltip(
                    "amount_at_stake:Q",
                    title=money_title("At stake", currency),
                    format=",.0f",
                ),
            ],
        )
    )
    return valued(bars, "amount_at_stake", ".3~s")


def abc_xyz_grid(cells: pd.DataFrame) -> alt.LayerChart:
    """Draw how many products there are of each revenue and steadiness class.

    Parameters
    ----------
    cells : DataFrame, a row per pair of classes
        ``abc_class`` (A sells most), ``xyz_class`` (X is steady) and
        ``product_count``.
    """
    base = alt.Chart(cells, height=200).encode(
        x=alt.X(
            "xyz_class:N", title="X steady to Z erratic", axis=alt.Axis(labelAngle=0)
        ),
        y=alt.Y("abc_class:N", title="A most to C least revenue"),
        tooltip=[
            alt.Tooltip("abc_class:N", title="Revenue class"),
            alt.Tooltip("xyz_class:N", title="Steadiness class"),
            alt.Tooltip("product_count:Q", title="Products", format=",d"),
        ],
    )
    return counted_cells(base, cells["product_count"], title="Products", size=13)
