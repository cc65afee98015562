"""Parts that several charts are made of."""

import altair as alt
import pandas as pd

from customer_analytics.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    SEQUENTIAL,
    bottom_legend,
    share_axis,
)


def paired_shares(
    groups: pd.DataFrame,
    group: str,
    *,
    title: str,
    measures: dict[str, str],
    order: list[str],
    height: int,
) -> alt.Chart:
    """Draw two shares of every group, such as of customers and of money.

    Parameters
    ----------
    groups : DataFrame, a row per group
        The column ``group`` and the measures (0 to 1).
    group : str
        Column that names the groups.
    title : str
        What a group is, for the tooltip.
    measures : dict of str to str
        Column of a share to what it is a share of; one or two.
    order : list of str
        Names of the groups, from top to bottom.
    height : int
        Of the plot, in pixels.
    """
    long = groups.melt(
        group, list(measures), var_name="measure", value_name="share"
    ).replace({"measure": measures})
    names = list(measures.values())
    bars = (
        alt.Chart(long, height=height)
        .mark_bar()
        .encode(
            x=alt.X(
                "share:Q", axis=share_axis("Share of all"), scale=roomy(long["share"])
            ),
            y=alt.Y(
                f"{group}:N", sort=order, title=None, axis=alt.Axis(labelLimit=160)
            ),
            yOffset=alt.YOffset("measure:N", sort=names),
            color=alt.Color(
                "measure:N",
                scale=alt.Scale(domain=names, range=[BLUE, ORANGE][: len(names)]),
                legend=bottom_legend("Share of", 2),
            ),
            tooltip=[
                alt.Tooltip(f"{group}:N", title=title),
                alt.Tooltip("measure:N", title="Share of"),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
    )
    return valued(bars, "share", ".0%")


def roomy(values: pd.Series, room: float = 0.12) -> alt.Scale:
    """Return the scale of bars from 0 on, with room for a value at their ends."""
    highest, lowest = max(values.max(), 0), min(values.min(), 0)
    if not highest > lowest:
        return alt.Scale()
    room *= highest - lowest
    return alt.Scale(domain=[lowest - room * (lowest < 0), highest + room])


def valued(
    bars: alt.Chart,
    field: str,
    form: str,
    *,
    upright: bool = False,
    turned: bool = False,
    only: str = "",
    room: int = 4,
) -> alt.LayerChart:
    """Write its value at the end of each bar.

    Parameters
    ----------
    bars : Chart
        One bar per value, on a scale that is `roomy`.
    field : str
        Column of the value, a number.
    form : str
        How it is written, as D3 has it.
    upright : bool
        Whether bars stand.
    turned : bool
        Whether the values of standing bars are turned, where many stand side by side.
    only : str
        Which bars get one, as a condition of Vega; all where it is empty.
    room : int
        Pixels between the end and the value.
    """
    if turned:
        place = {"angle": 270, "align": "left", "baseline": "middle", "dx": room}
    elif upright:
        place = {"align": "center", "baseline": "bottom", "dy": -3}
    else:
        place = {"align": "left", "baseline": "middle", "dx": room}
    text = bars.mark_text(fontSize=11, **place).encode(
        text=alt.Text(f"{field}:Q", format=form)
    )
    # In the page's own ink, not in the colour of the bar.
    text.encoding.color = alt.Undefined
    x = bars.encoding.x.copy()
    if "(" in str(x["shorthand"]):
        # Of a span of time: over its middle, where its bar is.
        x["bandPosition"] = 0.5
        text.encoding.x = x
    return bars + (text.transform_filter(only) if only else text)


def counted_cells(
    base: alt.Chart, counts: pd.Series, *, title: str, size: int = 12
) -> alt.LayerChart:
    """Draw a map of counts, each written into its cell.

    Parameters
    ----------
    base : Chart
        Of the frame that ``counts`` is a column of, with its axes and tooltip.
    counts : Series
        Of int; its name is the column's.
    title : str
        What is counted.
    size : int
        Of the letters, in pixels.
    """
    # Light cells get dark letters.
    middle = (counts.max() + counts.min()) / 2
    return base.mark_rect().encode(
        color=alt.Color(
            f"{counts.name}:Q",
            scale=alt.Scale(scheme=SEQUENTIAL),
            legend=alt.Legend(title=title, orient="bottom"),
        )
    ) + base.mark_text(fontSize=size).encode(
        text=alt.Text(f"{counts.name}:Q", format=",d"),
        color=alt.condition(
            f"datum.{counts.name} > {middle}", alt.value("black"), alt.value("white")
        ),
    )


def diagonal() -> alt.Chart:
    """Draw the line on which two shares are equal."""
    return (
        alt.Chart(pd.DataFrame({"rate": [0.0, 1.0]}))
        .mark_line(strokeDash=[4, 4], color=GREY)
        .encode(x="rate:Q", y="rate:Q")
    )
