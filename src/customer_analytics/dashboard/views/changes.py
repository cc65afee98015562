"""What has changed since the last publication: data, totals, segments, scores."""

import pandas as pd
import streamlit as st

from customer_analytics.dashboard.data import query
from customer_analytics.dashboard.parts import (
    amount,
    day,
    header,
    missing,
    number,
    rows_shown,
    share,
)
from customer_analytics.names import name_of

CHANGES = """
select * from evidence.build_comparison
where coalesce(value_before, value_now) is not null
order by topic, measure
"""
AREAS = {
    "data": ("The data", None),
    "totals": ("Totals and forecasts", None),
    "segments": ("Segments", "Groups"),
    "scores": ("Predictions", "Prediction"),
}
AS_READ = {"money": amount, "share": share, "count": number}


def page() -> None:
    """Show the page."""
    header(
        "Since the last build",
        "What is different from what was published before?",
        needs_orders=False,
    )
    found = query(CHANGES)
    if (
        found.empty
        or pd.isna(found["as_of_date_before"].iloc[0])
        and (found["value_before"].isna().all())
    ):
        missing(
            "This is the first publication: the next build is compared with it.",
            "make build",
        )
        return
    before, now = (
        day(found[f"as_of_date_{name}"].iloc[0]) for name in ("before", "now")
    )
    st.markdown(
        f"Published before: as of **{before or 'no date'}**. Now: as of "
        f"**{now or 'no date'}**. {headline(found)}"
    )
    shown = found
    if not st.toggle("With what is the same"):
        shown = found[differing(found)]
    for area, (title, topic) in AREAS.items():
        if area not in set(found["area"]):
            continue
        st.subheader(title)
        rows = shown[shown["area"] == area]
        if rows.empty:
            st.caption("No difference.")
        else:
            rows_shown(as_read(rows), columns(area, topic))


def differing(found: pd.DataFrame) -> pd.Series:
    """Return which measures, or their models, are not what they were."""
    # A share that reads the same is the same.
    least = found["unit"].map({"share": 0.005}).fillna(1e-9)
    moved = (found["value_before"].fillna(0) - found["value_now"].fillna(0)).abs()
    return (moved >= least) | (
        found["model_before"].notna()
        & found["model_now"].notna()
        & (found["model_before"] != found["model_now"])
    )


def headline(found: pd.DataFrame) -> str:
    """Say in a sentence or two what is most different."""
    differs = found[differing(found)]
    if differs.empty:
        return "Nothing differs."
    other_models = found[
        found["model_before"].notna()
        & found["model_now"].notna()
        & (found["model_before"] != found["model_now"])
    ]
    topics = other_models["topic"].where(
        other_models["topic"] != "", other_models["measure"]
    )
    served = (
        f" Another model serves: {'; '.join(dict.fromkeys(topics))}."
        if len(topics)
        else ""
    )
    return f"{len(differs)} of {len(found)} measures differ.{served}"


def as_read(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the measures as they are read, each in its unit.

    Parameters
    ----------
    rows : DataFrame
        Of ``evidence.build_comparison``.
    """
    told = rows.assign(
        topic=[
            name_of(topic)[:1].upper() + name_of(topic)[1:] for topic in rows["topic"]
        ],
        measure=[measure[:1].upper() + measure[1:] for measure in rows["measure"]],
    )
    for name in ("before", "now"):
        told[name] = [
            AS_READ[unit](value)
            for unit, value in zip(rows["unit"], rows[f"value_{name}"], strict=True)
        ]
    told["change"] = [
        change(*values)
        for values in zip(
            rows["unit"], rows["value_before"], rows["value_now"], strict=True
        )
    ]
    told["model"] = [
        name_of(now)
        if not isinstance(before, str) or before == now
        else f"{name_of(now)} (was {name_of(before)})"
        for before, now in zip(rows["model_before"], rows["model_now"], strict=True)
    ]
    return told


def change(unit: str, before: float, now: float) -> str:
    """Return how a value changed: in points of percent for shares, else in percent."""
    if pd.isna(before) or pd.isna(now):
        return "–"
    if unit == "share":
        points = round(100 * (now - before))
        return "none" if points == 0 else f"{points:+d} points"
    if before == now:
        return "none"
    if before == 0:
        return "new"
    percent = round(100 * (now / before - 1))
    return "under 1 %" if percent == 0 else f"{percent:+,d} %"


def columns(area: str, topic: str | None) -> dict[str, object]:
    """Return which columns are shown of an area, with their titles."""
    right = {
        name: st.column_config.TextColumn(name.capitalize(), alignment="right")
        for name in ("before", "now", "change")
    }
    shown = ({"topic": topic} if topic else {}) | {"measure": "What"} | right
    return shown | ({"model": "Model"} if area in ("totals", "scores") else {})
