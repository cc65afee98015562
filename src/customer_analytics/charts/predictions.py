"""Charts of predictions: how good they are, and what moves them."""

import altair as alt
import pandas as pd

from customer_analytics.charts.parts import diagonal, roomy, valued
from customer_analytics.charts.theme import (
    BLUE,
    CATEGORIES,
    GREY,
    ORANGE,
    SKY,
    bottom_legend,
    row_height,
    share_axis,
)
from customer_analytics.names import name_of

KINDS = alt.Scale(domain=["served", "model", "baseline"], range=[ORANGE, BLUE, GREY])


def roc_curves(points: pd.DataFrame) -> alt.LayerChart:
    """Draw the ROC curve of each cut-off; the diagonal is a coin toss.

    Parameters
    ----------
    points : DataFrame, points of the curves
        ``cutoff_date`` (date), ``false_positive_rate`` and ``true_positive_rate``.
    """
    curves = (
        alt.Chart(points)
        .mark_line()
        .encode(
            x=alt.X(
                "false_positive_rate:Q",
                axis=share_axis("False alarms: share of the others marked"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            y=alt.Y(
                "true_positive_rate:Q",
                axis=share_axis("Found: share of the cases marked"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color(
                "cutoff:N",
                scale=alt.Scale(range=CATEGORIES),
                sort="ascending",
                legend=bottom_legend("Predicted on"),
            ),
            order="true_positive_rate:Q",
            tooltip=[
                alt.Tooltip("cutoff:N", title="Predicted on"),
                alt.Tooltip(
                    "false_positive_rate:Q", title="False alarms", format=".1%"
                ),
                alt.Tooltip("true_positive_rate:Q", title="Found", format=".1%"),
            ],
        )
        # Dates come as text where the page does not read them first.
        .transform_calculate(cutoff="timeFormat(toDate(datum.cutoff_date), '%Y-%m-%d')")
    )
    return alt.layer(diagonal(), curves).properties(height=320)


def calibration(bins: pd.DataFrame) -> alt.LayerChart:
    """Draw what was predicted against what came; on the diagonal both agree.

    Parameters
    ----------
    bins : DataFrame, a row per bin of like predictions
        ``mean_probability``, ``observed_rate`` (0 to 1) and ``n``.
    """
    points = (
        alt.Chart(bins)
        .mark_line(color=BLUE, point={"color": BLUE, "size": 60})
        .encode(
            x=alt.X(
                "mean_probability:Q",
                axis=share_axis("Predicted probability, mean of the bin"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            y=alt.Y(
                "observed_rate:Q",
                axis=share_axis("Share it came true for"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            tooltip=[
                alt.Tooltip("mean_probability:Q", title="Predicted", format=".1%"),
                alt.Tooltip("observed_rate:Q", title="Came true", format=".1%"),
                alt.Tooltip("n:Q", title="Customers", format=",d"),
            ],
        )
    )
    return alt.layer(diagonal(), points).properties(height=320)


def lift_by_decile(deciles: pd.DataFrame) -> alt.LayerChart:
    """Draw how many more cases each tenth of the ranking holds than the average.

    Parameters
    ----------
    deciles : DataFrame, a row per decile
        ``decile`` (1: the highest predictions), ``lift`` (1: as all), ``actual_rate``
        and ``n``.
    """
    bars = (
        alt.Chart(deciles)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X(
                "decile:O",
                title="Tenth of the customers, highest predictions first",
                axis=alt.Axis(labelAngle=0),
            ),
            y=alt.Y(
                "lift:Q",
                title="Cases against the average (times)",
                scale=roomy(deciles["lift"]),
            ),
            tooltip=[
                alt.Tooltip("decile:O", title="Tenth"),
                alt.Tooltip("lift:Q", title="Lift", format=".2f"),
                alt.Tooltip("actual_rate:Q", title="Came true", format=".1%"),
                alt.Tooltip("n:Q", title="Customers", format=",d"),
            ],
        )
    )
    average = (
        alt.Chart(pd.DataFrame({"lift": [1.0]}))
        .mark_rule(strokeDash=[4, 4], color=ORANGE, size=2)
        .encode(y="lift:Q")
    )
    return alt.layer(valued(bars, "lift", ".1f", upright=True), average).properties(
        height=280
    )


def confusion(counts: pd.DataFrame) -> alt.LayerChart:
    """Draw how often the served model was right, as a table of four counts.

    Parameters
    ----------
    counts : DataFrame of one row
        ``true_positive_count``, ``false_positive_count``, ``false_negative_count``,
        ``true_negative_count``.
    """
    row = counts.iloc[0]
    cells = pd.DataFrame(
        [
            ("yes", "yes", row["true_positive_count"]),
            ("yes", "no", row["false_positive_count"]),
            ("no", "yes", row["false_negative_count"]),
            ("no", "no", row["true_negative_count"]),
        ],
        columns=["predicted", "came", "count"],
    )
    cells["share"] = cells["count"] / cells["count"].sum()
    cells["label"] = [
        f"{count:,.0f} ({share:.0%})"
        for count, share in zip(cells["count"], cells["share"], strict=True)
    ]
    cells["right"] = cells["predicted"] == cells["came"]
    base = alt.Chart(cells, height=200).encode(
        x=alt.X(
            "predicted:N",
            title="Predicted",
            sort=["yes", "no"],
            axis=alt.Axis(labelAngle=0, orient="top"),
        ),
        y=alt.Y("came:N", title="Came true", sort=["yes", "no"]),
        tooltip=[
            alt.Tooltip("predicted:N", title="Predicted"),
            alt.Tooltip("came:N", title="Came true"),
            alt.Tooltip("count:Q", title="Customers", format=",d"),
        ],
    )
    return base.mark_rect(stroke="white").encode(
        color=alt.condition("datum.right", alt.value(SKY), alt.value(ORANGE)),
    ) + base.mark_text(fontSize=15, color="black").encode(text="label:N")


def importances(features: pd.DataFrame, *, title: str) -> alt.LayerChart:
    """Draw what a prediction rests on, with its spread where that is known.

    Parameters
    ----------
    features : DataFrame, a row per feature
        ``label``, ``importance`` and ``importance_std`` (null where unknown).
    title : str
        What importance measures, with its unit.
    """
    spread = features.assign(
        low=features["importance"] - features["importance_std"].fillna(0),
        high=features["importance"] + features["importance_std"].fillna(0),
    )
    base = alt.Chart(spread, height=row_height(len(features), 22)).encode(
        y=alt.Y("label:N", sort="-x", title=None, axis=alt.Axis(labelLimit=150)),
        tooltip=[
            alt.Tooltip("label:N", title="Feature"),
            alt.Tooltip("importance:Q", title="Importance", format=".4f"),
            alt.Tooltip("importance_std:Q", title="Its spread", format=".4f"),
        ],
    )
    bars = base.mark_bar(color=BLUE).encode(
        x=alt.X(
            "importance:Q",
            title=title,
            axis=alt.Axis(tickCount=4),
            scale=roomy(pd.concat([spread["low"], spread["high"]])),
        )
    )
    # Behind the end of the spread, which would run through it.
    values = base.mark_text(align="left", dx=4, fontSize=11).encode(
        x="high:Q", text=alt.Text("importance:Q", format=".3f")
    )
    return (
        bars
        + values
        + base.mark_rule(color=ORANGE, size=2).encode(x="low:Q", x2="high:Q")
    )


def models_compared(models: pd.DataFrame, *, measure: str, title: str) -> alt.Chart:
    """Draw every model and baseline that was tried by one measure.

    Parameters
    ----------
    models : DataFrame, a row per model
        ``model`` (its code), ``kind`` (served, model or baseline) and the measure.
    measure : str
        Column that is drawn.
    title : str
        What it measures, and which end is good.
    """
    named = models.assign(model=models["model"].map(name_of))
    return (
        alt.Chart(named, height=row_height(len(models), 22))
        .mark_point(size=90, filled=True, opacity=1)
        .encode(
            x=alt.X(
                f"{measure}:Q",
                title=title,
                scale=alt.Scale(zero=False),
                axis=alt.Axis(tickCount=5),
            ),
            y=alt.Y("model:N", sort="-x", title=None, axis=alt.Axis(labelLimit=160)),
            color=alt.Color("kind:N", scale=KINDS, legend=bottom_legend()),
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(
                    domain=KINDS.domain, range=["diamond", "circle", "square"]
                ),
            ),
            tooltip=[
                alt.Tooltip("model:N", title="Model"),
                alt.Tooltip("kind:N", title="Kind"),
                alt.Tooltip(f"{measure}:Q", title=title, format=".4f"),
            ],
        )
    )
