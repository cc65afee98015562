"""Charts of campaigns: whom to contact, and whom to leave alone."""

import altair as alt
import pandas as pd

from customer_analytics.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    bottom_legend,
    money_title,
    row_height,
)

# What is done with a customer, in words.
ASSIGNMENTS = {
    "contact": "Contact",
    "hold_out": "Hold out, to compare",
    "leave": "Leave out: no gain, or doubtful",
}


def audience_sizes(audiences: pd.DataFrame, *, currency: str) -> alt.Chart:
    """Draw how many customers each campaign contacts, holds out and leaves.

    Parameters
    ----------
    audiences : DataFrame, a row per campaign and assignment
        ``campaign``, ``assignment`` (contact, hold_out or leave), ``customer_count``
        and ``expected_value`` (null where the risk is unknown).
    currency : str
        Name of the currency.
    """
    names = list(ASSIGNMENTS.values())
    named = audiences.assign(
        what=audiences["assignment"].map(ASSIGNMENTS),
        place=audiences["assignment"].map(list(ASSIGNMENTS).index),
    )
    # A number that is wider than its bar would run into the next.
    least = 0.08 * named.groupby("campaign")["customer_count"].sum().max()
    shown = named.assign(
        label=[
            f"{count:,}" if count >= least else "" for count in named["customer_count"]
        ]
    )
    bars = (
        alt.Chart(shown, height=row_height(audiences["campaign"].nunique(), 30))
        .mark_bar()
        .encode(
            x=alt.X(
                "customer_count:Q",
                stack="zero",
                axis=alt.Axis(title="Customers", tickCount=5),
            ),
            y=alt.Y("campaign:N", sort="-x", title=None, axis=alt.Axis(labelLimit=150)),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=names, range=[BLUE, ORANGE, GREY]),
                legend=bottom_legend(columns=1),
            ),
            order="place:Q",
            tooltip=[
                alt.Tooltip("campaign:N", title="Campaign"),
                alt.Tooltip("what:N", title="What to do"),
                alt.Tooltip("customer_count:Q", title="Customers", format=",d"),
                alt.Tooltip(
                    "expected_value:Q",
                    title=money_title("Expected value", currency),
                    format=",.0f",
                ),
            ],
        )
    )
    values = bars.mark_text(align="right", dx=-4, fontSize=11).encode(
        text="label:N",
        color=alt.condition(
            "datum.assignment == 'contact'", alt.value("white"), alt.value("black")
        ),
    )
    return bars + values
