"""Charts of recency, frequency and monetary value: grid and treemap."""

import altair as alt
import pandas as pd

from customer_analytics.charts.parts import counted_cells
from customer_analytics.charts.theme import SEQUENTIAL, money_title
from customer_analytics.charts.treemap import squarified

# Height of the treemap, and its width as a multiple, on the narrowest page.
TREEMAP_PIXELS, TREEMAP_WIDTH = 340, 1.0
# Of the letters in its boxes.
LETTER_WIDTH, LINE_HEIGHT = 6.2, 13


def rfm_grid(cells: pd.DataFrame, *, currency: str) -> alt.LayerChart:
    """Draw customers by recency score and mean of frequency and monetary score.

    Parameters
    ----------
    cells : DataFrame, a row per pair of scores
        ``recency_score`` and ``frequency_monetary_score`` (1 to 5, 5 best),
        ``rfm_segment``, ``customer_count`` and ``net_amount``.
    currency : str
        Name of the currency.
    """
    base = alt.Chart(cells, height=320).encode(
        x=alt.X(
            "recency_score:O",
            title="Recency score (5: ordered last)",
            scale=alt.Scale(domain=[1, 2, 3, 4, 5]),
            axis=alt.Axis(labelAngle=0),
        ),
        y=alt.Y(
            "frequency_monetary_score:O",
            title="Frequency and monetary score",
            scale=alt.Scale(domain=[5, 4, 3, 2, 1]),
        ),
        tooltip=[
            alt.Tooltip("rfm_segment:N", title="Segment"),
            alt.Tooltip("customer_count:Q", title="Customers", format=",d"),
            alt.Tooltip(
                "net_amount:Q", title=money_title("Net amount", currency), format=",.0f"
            ),
        ],
    )
    return counted_cells(base, cells["customer_count"], title="Customers")


def segment_treemap(segments: pd.DataFrame, *, currency: str) -> alt.LayerChart:
    """Draw segments as areas of their customers, coloured by amount per customer.

    Parameters
    ----------
    segments : DataFrame, a row per segment
        ``segment_name``, ``customer_count`` (above 0) and ``net_amount``.
    currency : str
        Name of the currency.
    """
    ordered = segments.sort_values(
        ["customer_count", "segment_name"], ascending=[False, True]
    ).reset_index(drop=True)
    boxes = squarified(
        ordered["customer_count"].tolist(), width=TREEMAP_WIDTH, height=1.0
    )
    frame = ordered.assign(
        # Above 0 for the logarithmic scale; unknown amounts are all alike.
        amount_each=(ordered["net_amount"] / ordered["customer_count"])
        .clip(lower=1)
        .fillna(1),
        label=[
            _fitting_label(name, f"{count:,}", right - left, top - bottom)
            for name, count, (left, bottom, right, top) in zip(
                ordered["segment_name"], ordered["customer_count"], boxes, strict=True
            )
        ],
        **{
            column: [box[place] for box in boxes]
            for place, column in enumerate(("left", "bottom", "right", "top"))
        },
    )
    base = alt.Chart(frame.drop(columns="label"), height=TREEMAP_PIXELS).encode(
        tooltip=[
            alt.Tooltip("segment_name:N", title="Segment"),
            alt.Tooltip("customer_count:Q", title="Customers", format=",d"),
            alt.Tooltip(
                "amount_each:Q",
                title=money_title("Net amount per customer", currency),
                format=",.0f",
            ),
        ]
    )
    x = alt.X(
        "left:Q", axis=None, scale=alt.Scale(domain=[0, TREEMAP_WIDTH], nice=False)
    )
    y = alt.Y("bottom:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    middle = (frame["amount_each"].min() * frame["amount_each"].max()) ** 0.5
    return base.mark_rect(stroke="white", strokeWidth=2).encode(
        x=x,
        x2="right:Q",
        y=y,
        y2="top:Q",
        color=alt.Color(
            "amount_each:Q",
            scale=alt.Scale(scheme=SEQUENTIAL, type="log"),
            legend=alt.Legend(
                title=money_title("Net amount per customer", currency),
                orient="bottom",
                format="~s",
                titleLimit=300,
            ),
        ),
    ) + alt.Chart(_label_lines(frame)).mark_text(fontSize=11).encode(
        x=alt.X("x:Q", axis=None),
        y=alt.Y("y:Q", axis=None),
        text="line:N",
        color=alt.condition(
            f"datum.amount_each > {middle}", alt.value("black"), alt.value("white")
        ),
    )


def _label_lines(boxes: pd.DataFrame) -> pd.DataFrame:
    """Place the lines of each label around the middle of its box."""
    return pd.DataFrame(
        [
            (
                line,
                (box.left + box.right) / 2,
                (box.bottom + box.top) / 2
                + ((len(lines) - 1) / 2 - number) * LINE_HEIGHT / TREEMAP_PIXELS,
                box.amount_each,
            )
            for box in boxes.itertuples()
            for lines in [box.label]
            for number, line in enumerate(lines)
        ],
        columns=["line", "x", "y", "amount_each"],
    )


def _fitting_label(name: str, count: str, width: float, height: float) -> list[str]:
    """Return the lines of a box's label, as few as fit, none if it is too small."""
    for lines in ([name, count], [*name.split(), count], [name]):
        if (
            max(map(len, lines)) * LETTER_WIDTH <= width * TREEMAP_PIXELS
            and len(lines) * LINE_HEIGHT <= height * TREEMAP_PIXELS
        ):
            return lines
    return []
