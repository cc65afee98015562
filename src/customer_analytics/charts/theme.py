"""Colours and parts that all charts share."""

import math

import altair as alt

# Okabe and Ito (2008), Color Universal Design, without black and with yellow last, as
# neither stands out on both light and dark ground.
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY, YELLOW = "#56B4E9", "#CC79A7", "#999999", "#F0E442"
CATEGORIES = [BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, GREY, YELLOW]
# Even in lightness; the diverging one is blue to orange, never red to green.
SEQUENTIAL, DIVERGING = "cividis", "blueorange"
# Labels of a logarithmic axis, which would give all of them the prefix of the largest.
SHORT_LABELS = "format(datum.value, '~s')"
# Drawings measure letters in the last; the others are as wide, so that no label is cut
# off by a reader's own font.
FONT = "Arial, Helvetica, Liberation Sans"
GROUND = {
    False: ("#ffffff", "#1f2430", "#d5d8de"),
    True: ("#0e1117", "#e8eaee", "#3a3f4b"),
}


def styled(chart: alt.TopLevelMixin, *, dark: bool = False, width: int = 640):
    """Dress a chart for a page without a theme of its own.

    Parameters
    ----------
    chart : Chart or LayerChart
        As the functions of this package return it.
    dark : bool
        Dark ground and light letters instead of the opposite.
    width : int
        Width of the plot in pixels.

    Returns
    -------
    Chart or LayerChart
        A copy with ground, letters, grid and width set.
    """
    ground, ink, line = GROUND[dark]
    return (
        chart.properties(width=width)
        .configure(background=ground, font=FONT)
        .configure_axis(
            labelColor=ink,
            titleColor=ink,
            gridColor=line,
            domainColor=line,
            tickColor=line,
            labelFontSize=12,
            titleFontSize=13,
        )
        .configure_legend(labelColor=ink, titleColor=ink, labelFontSize=12)
        .configure_title(color=ink, fontSize=15, anchor="start")
        .configure_text(color=ink)
        .configure_view(stroke=None)
    )


def categories(names: list[str]) -> alt.Scale:
    """Return the colour scale of named groups, in the order given.

    From the ninth on, colours come again: label such marks in words.
    """
    count = len(CATEGORIES)
    return alt.Scale(
        domain=names, range=[CATEGORIES[i % count] for i in range(len(names))]
    )


def bottom_legend(title: str | None = None, columns: int = 3) -> alt.Legend:
    """Return a legend below the plot, where it takes no width from narrow pages."""
    return alt.Legend(
        title=title, orient="bottom", columns=columns, labelLimit=300 // columns - 15
    )


def money_title(what: str, currency: str) -> str:
    """Return an axis title that names the currency."""
    return f"{what} ({currency})"


def money_axis(what: str, currency: str) -> alt.Axis:
    """Return an axis of amounts, in short form (12k), titled with its currency."""
    return alt.Axis(title=money_title(what, currency), format="~s", tickCount=5)


def powers_of_ten(lowest: float, highest: float) -> list[float]:
    """Return the powers of ten from below the lowest to the highest value, above 0."""
    first, last = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
    return [10.0**exponent for exponent in range(first, last + 1)]


def share_axis(title: str) -> alt.Axis:
    """Return an axis of shares, labelled in percent."""
    return alt.Axis(title=title, format=".0%", tickCount=5)


def row_height(count: int, each: int = 24, least: int = 120) -> int:
    """Return the height in pixels of a chart with one row per name."""
    return max(least, each * count + 20)
