"""Recency, frequency, monetary value: grid, segments, customers."""

import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import rfm
from customer_analytics.dashboard.columns import money, whole
from customer_analytics.dashboard.data import currency, query
from customer_analytics.dashboard.parts import (
    country_filter,
    header,
    how_sure,
    missing,
    rows_shown,
    show,
    table,
)

SEGMENTS = """
select
    customer_rfm.rfm_segment as segment_name,
    any_value(rfm_segments.sort_order) as sort_order,
    count(*) as customer_count,
    sum(customer_rfm.net_amount) as net_amount,
    any_value(rfm_segments.recommended_action) as recommended_action
from marts.customer_rfm
inner join reference.rfm_segments using (rfm_segment)
group by customer_rfm.rfm_segment
order by sort_order
"""
GRID = """
select recency_score, frequency_monetary_score, any_value(rfm_segment) as rfm_segment,
    count(*) as customer_count, sum(net_amount) as net_amount
from marts.customer_rfm
group by recency_score, frequency_monetary_score
order by recency_score, frequency_monetary_score
"""
CUT_POINTS = "select * from marts.rfm_cut_points order by measure, score"
CUSTOMERS = """
select customer_id, customers.country, rfm.rfm_segment, rfm.rfm_score,
    rfm.recency_days, rfm.order_count, rfm.net_amount
from marts.customer_rfm as rfm
inner join marts.customers using (customer_id)
where (len($segments) = 0 or list_contains($segments, rfm.rfm_segment))
    and rfm.net_amount >= $least and rfm.recency_days <= $longest
    and contains(lower(customer_id), lower($customer))
    and (len($countries) = 0 or list_contains($countries, customers.country))
order by rfm.net_amount desc, customer_id
"""


def page() -> None:
    """Show the page."""
    if not header("RFM", "Who ordered lately, often and much, and who used to?"):
        return
    segments = query(SEGMENTS)
    if segments.empty:
        missing("No known customer has an order that was not returned.")
        return
    how_sure(
        trust.counted_only(
            "Scores are fifths of the customers; equal values get equal scores. What "
            "they stand for is below."
        )
    )
    unit = currency()
    left, right = st.columns(2)
    with left:
        show(
            rfm.rfm_grid(query(GRID), currency=unit),
            "Customers by score",
            "5 is best. Right: ordered lately; top: often and much.",
        )
    with right:
        show(
            rfm.segment_treemap(segments, currency=unit),
            "Segments",
            "Area: customers. Light: much spent per customer.",
        )
    st.subheader("What is to be done")
    rows_shown(
        segments,
        {
            "segment_name": "Segment",
            "customer_count": whole("Customers"),
            "net_amount": money("Net amount"),
            "recommended_action": "Recommended action",
        },
    )
    customers(segments)
    with st.expander("What a score stands for"):
        rows_shown(
            query(CUT_POINTS),
            {
                "measure": "Measure",
                "score": "Score",
                "lowest_value": whole("From"),
                "highest_value": whole("To"),
                "customer_count": whole("Customers"),
            },
        )


def customers(segments) -> None:
    """Show the customers that the filters leave, with a download."""
    st.subheader("Customers")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Segments", segments["segment_name"], placeholder="All segments", width=320
        )
        least = st.number_input(
            f"Spent at least ({currency()})", min_value=0, step=100, width=180
        )
        longest = st.number_input(
            "Last order at most days ago", min_value=1, value=9999, step=30, width=180
        )
        customer = st.text_input("Customer id contains", width=180)
        countries = country_filter()
    table(
        query(
            CUSTOMERS,
            segments=chosen,
            least=least,
            longest=longest,
            customer=customer.strip(),
            countries=countries,
        ),
        {
            "customer_id": "Customer",
            "country": "Country",
            "rfm_segment": "Segment",
            "rfm_score": "R F M",
            "recency_days": whole("Days since last order"),
            "order_count": whole("Orders"),
            "net_amount": money("Net amount"),
        },
        name="rfm_customers",
    )
