"""Charts of recency, frequency and monetary value: grid and treemap."""

import altair as alt
import pandas as pd

from customer_analytics.charts.theme import SEQUENTIAL, money_title
from customer_analytics.charts.treemap import squarified


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
    middle = (cells["customer_count"].max() + cells["customer_count"].min()) / 2
    return base.mark_rect().encode(
        color=alt.Color(
            "customer_count:Q",
            scale=alt.Scale(scheme=SEQUENTIAL),
            legend=alt.Legend(title="Customers", orient="bottom"),
        )
    ) + base.mark_text(fontSize=12).encode(
        text=alt.Text("customer_count:Q", format=",d"),
        color=alt.condition(
            f"datum.customer_count > {middle}", alt.value("black"), alt.value("white")
        ),
    )


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
    boxes = squarified(ordered["customer_count"].tolist(), width=1.6, height=1.0)
    frame = ordered.assign(
        amount_each=ordered["net_amount"].astype(float) / ordered["customer_count"],
        **{
            column: [box[place] for box in boxes]
            for place, column in enumerate(("left", "bottom", "right", "top"))
        },
    )
    frame["x_middle"] = (frame["left"] + frame["right"]) / 2
    frame["y_middle"] = (frame["bottom"] + frame["top"]) / 2
    frame["label"] = [
        # Words on lines of their own fit narrow boxes; the smallest stay unlabelled.
        [*name.split(), f"{count:,}"] if min(right - left, top - bottom) > 0.12 else ""
        for name, count, left, right, bottom, top in zip(
            frame["segment_name"],
            frame["customer_count"],
            frame["left"],
            frame["right"],
            frame["bottom"],
            frame["top"],
            strict=True,
        )
    ]
    base = alt.Chart(frame, height=340).encode(
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
    x = alt.X("left:Q", axis=None, scale=alt.Scale(domain=[0, 1.6], nice=False))
    y = alt.Y("bottom:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    middle = frame["amount_each"].clip(lower=1).median()
    return base.mark_rect(stroke="white", strokeWidth=2).encode(
        x=x,
        x2="right:Q",
        y=y,
        y2="top:Q",
        color=alt.Color(
            "amount_each:Q",
            scale=alt.Scale(scheme=SEQUENTIAL, type="symlog"),
            legend=alt.Legend(
                title=money_title("Net amount per customer", currency),
                orient="bottom",
                format="~s",
                titleLimit=300,
            ),
        ),
    ) + base.mark_text(fontSize=11, lineHeight=13, baseline="middle").encode(
        x="x_middle:Q",
        y="y_middle:Q",
        text="label:N",
        color=alt.condition(
            f"datum.amount_each > {middle}", alt.value("black"), alt.value("white")
        ),
    )
