"""Today: what a manager should know, in five sentences, each with its evidence."""

from collections.abc import Sequence

import streamlit as st

from customer_analytics import trust
from customer_analytics.dashboard.data import currency, query, row
from customer_analytics.dashboard.parts import (
    badge,
    header,
    missing,
    page_link,
    plain,
)
from customer_analytics.report import sentences_certainty as certainty
from customer_analytics.report import sentences_changes as changes
from customer_analytics.report import sentences_customers as customers
from customer_analytics.report.queries_certainty import CHURN
from customer_analytics.report.tables import QUERIES
from customer_analytics.trust import Trust

CHURN_MODEL = "select * from evidence.chosen_models where target = $target"
FORECAST_MODEL = """
select * from evidence.chosen_lifetime_value_models
order by horizon_days
limit 1
"""
COUNTED = trust.counted_only("")


def page() -> None:
    """Show the page."""
    header(
        "Today",
        "What should a manager know today? Five sentences, each with what it rests on.",
        needs_orders=False,
    )
    if not query("select 1 from marts.orders limit 1").empty:
        orders()
        return
    missing(
        "Nothing is known of sales, risks and forecasts: they need orders.",
        "make build TRANSACTIONS=path/to/orders.csv",
    )
    profiles = query(QUERIES["segments"])
    if len(profiles):
        told(customers.segments(profiles), "segments", "Segments", COUNTED)


def orders() -> None:
    """Show the five sentences of a shop with orders."""
    unit = currency()
    told(
        changes.year_on_year(query(QUERIES["years"]), unit)[:1],
        "overview",
        "Sales by month and country",
        COUNTED,
    )
    told(
        changes.movement(query(QUERIES["moves"]), unit),
        "rfm",
        "Who moved: RFM segments",
        COUNTED,
    )
    churn = row(CHURN_MODEL, target=CHURN)
    told(
        certainty.risk(query(QUERIES["risk_tiers"]), query(QUERIES["returns"]), unit)[
            :1
        ],
        "predictions",
        "Who will pause, and why",
        trust.prediction(churn) if churn is not None else None,
    )
    forecast = row(FORECAST_MODEL)
    told(
        certainty.forecasts(query(QUERIES["forecasts"]).head(1), unit),
        "lifetime_value",
        "What each customer will bring",
        trust.lifetime_value(forecast) if forecast is not None else None,
    )
    told(
        certainty.campaigns(query(QUERIES["campaigns"]), query(QUERIES["power"]), unit)[
            :1
        ],
        "campaigns",
        "Whom to contact, and how",
        trust.campaigns(row(QUERIES["power"])),
    )
    page_link("changes", "What has changed since the last build")


def told(sentences: Sequence[str], path: str, label: str, level: Trust | None) -> None:
    """Write what is said of a subject, how sure it is, and where its evidence is."""
    with st.container(border=True):
        st.markdown(plain(" ".join(sentences)))
        with st.container(horizontal=True, vertical_alignment="center"):
            if level is COUNTED:
                st.markdown(":gray-badge[counted]", width="content")
            elif level is not None:
                st.markdown(f"How sure: {badge(level.level)}", width="content")
            page_link(path, label)
