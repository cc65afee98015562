"""What a customer will probably do and bring, and what to offer: of their page."""

import pandas as pd
import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import customer as charts
from customer_analytics.dashboard.columns import money, percent, whole
from customer_analytics.dashboard.data import currency
from customer_analytics.dashboard.parts import (
    amount,
    badge,
    day,
    how_sure,
    number,
    plain,
    rows_shown,
    share,
    show,
)
from customer_analytics.names import name_of

SLOTS = {"repeat": "To order again", "discovery": "To try for the first time"}


def next_moves(found: dict[str, pd.DataFrame]) -> None:
    """Show each prediction with its reasons, and how far to trust it."""
    predictions = found["predictions"]
    if predictions.empty:
        return
    st.subheader("What they will probably do, and why")
    for one in predictions.itertuples():
        said = (
            share(one.probability)
            if pd.notna(one.probability)
            else number(one.predicted_value, ",.2f")
            if pd.notna(one.predicted_value)
            else amount(one.predicted_amount)
        )
        if isinstance(one.predicted_segment, str):
            said = f"{one.predicted_segment}, {said}"
        reasons = [
            reason
            for reason in (one.reason_1, one.reason_2, one.reason_3)
            if isinstance(reason, str) and reason
        ]
        with st.container(border=True):
            st.markdown(
                f"**{plain(said)}** · {one.description} · how sure: {badge(one.trust)}"
            )
            if isinstance(one.known_outcome, str):
                st.caption(plain(f"What came, as it was given: {one.known_outcome}"))
            if reasons:
                st.caption(plain(" · ".join(reasons)))
    st.caption("Reasons say what moved the prediction, not what causes the behaviour.")
    with st.expander("How far to trust each of them"):
        st.markdown(
            "\n".join(
                f"- **{one.description}:** {badge(one.trust)} {one.meaning}"
                for one in predictions.itertuples()
            )
        )


def value(found: dict[str, pd.DataFrame]) -> None:
    """Show what the customer will bring, with its interval, and when they order."""
    horizons = found["lifetime_value"]
    if horizons.empty or horizons["predicted_amount"].isna().all():
        return
    show(
        charts.forecast_intervals(horizons, currency=currency()),
        "What they will bring",
        "Point: the mean expected. Bar: 80 % of customers like this one end within it.",
    )
    first = horizons.iloc[0]
    how_sure(trust.lifetime_value(first))
    rows_shown(
        horizons,
        {
            "horizon_days": whole("Next days"),
            "predicted_amount": money("Expected"),
            "low_amount": money("80 % from"),
            "high_amount": money("to"),
            "nothing_probability": percent("Brings nothing"),
            "model": "Model",
            "trust": "How sure",
        },
    )
    still = share(first["probability_alive"])
    sentence = f"The chance that they are a customer still is **{still}**."
    if pd.notna(first["next_order_window_start"]):
        sentence += (
            f" If so, the next order is expected between "
            f"**{day(first['next_order_window_start'])}** and "
            f"**{day(first['next_order_window_end'])}**"
        )
        window = found["next_order_window"]
        held = (
            f"; such windows held {share(window['coverage'].iloc[0])} of the next "
            "orders of customers who came back"
            if len(window)
            else ""
        )
        sentence += f"{held}."
    st.markdown(sentence)


def offers(found: dict[str, pd.DataFrame]) -> None:
    """Show what to offer, in two lists, and what is missing beside what was bought."""
    recommended, gaps = found["recommendations"], found["cross_sell"]
    if len(recommended):
        st.subheader("What to offer, and why")
        for column, (slot, title) in zip(st.columns(2), SLOTS.items(), strict=True):
            with column:
                items = recommended[recommended["slot"] == slot]
                st.markdown(f"**{title}**")
                if items.empty:
                    st.caption("Nothing qualifies.")
                    continue
                source = name_of(items["model_name"].iloc[0])
                st.caption(f"By {source}: {items['status'].iloc[0]}.")
                rows_shown(
                    items,
                    {
                        "product": "Product",
                        "score": percent("Chance in the next basket"),
                        "reason_text": "Why",
                    },
                )
    if len(gaps):
        with st.expander("What they should have bought, going by what they did"):
            rows_shown(
                gaps,
                {
                    "product": "Product",
                    "antecedent": "Because they bought",
                    "confidence_low": percent("How surely"),
                    "expected_extra_amount": money("Would bring"),
                },
            )
