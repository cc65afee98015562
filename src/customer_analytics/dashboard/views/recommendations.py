"""Recommendations: what to offer whom, and how good such lists were."""

import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import recommendations
from customer_analytics.dashboard.columns import date, money, whole
from customer_analytics.dashboard.data import query
from customer_analytics.dashboard.parts import (
    country_filter,
    header,
    how_sure,
    missing,
    show,
    statistics_wanted,
    table,
)

# The first of each list; a customer's page has all, with reasons.
OFFERS = """
select customers.customer_id, customers.country, customers.rfm_segment,
    customers.repeat_product, customers.discovery_product,
    customers.next_order_window_end, customers.net_amount
from marts.customers
where coalesce(customers.repeat_product, customers.discovery_product) is not null
    and (
        contains(lower(coalesce(customers.repeat_product, '')), lower($product))
        or contains(lower(coalesce(customers.discovery_product, '')), lower($product))
    )
    and (len($countries) = 0 or list_contains($countries, customers.country))
order by customers.net_amount desc, customers.customer_id
"""
COUNTRIES = """
select country from marts.popular_products
group by country
order by sum(order_count) desc, country
"""
POPULAR = """
select rank, product, order_count from marts.popular_products
where country = $country
order by rank
"""
SOURCES = """
select source, ndcg, recall, hit_rate, n,
    case when is_chosen then 'served' when is_baseline then 'baseline' else 'model' end
        as kind
from evidence.recommender_metrics
where slot = $slot and k = 10 and cutoff_date is null
order by ndcg desc, source
"""
SLOTS = {"repeat": "To order again", "discovery": "To try for the first time"}


def page() -> None:
    """Show the page."""
    if not header(
        "Recommendations", "What should each customer be offered, and would it help?"
    ):
        return
    sources = {slot: query(SOURCES, slot=slot) for slot in SLOTS}
    if all(found.empty for found in sources.values()):
        missing("There are no recommendations: the log has no products, or too few.")
        return
    for slot, title in SLOTS.items():
        served = sources[slot].query("kind == 'served'")
        popular = sources[slot].query("source == 'recent_popularity'")["hit_rate"]
        if len(served):
            st.subheader(title)
            how_sure(
                trust.recommendations(
                    served.iloc[0], popular.iloc[0] if len(popular) else None
                )
            )
    offers()
    popular_products()
    if not statistics_wanted():
        return
    for slot, title in SLOTS.items():
        if len(sources[slot]):
            show(
                recommendations.sources_compared(sources[slot]),
                f"{title}: which source is best",
            )


def offers() -> None:
    """Show what to offer each customer first."""
    st.subheader("What to offer each customer first")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        product = st.text_input("Product contains", width=260)
        countries = country_filter()
    st.caption("A click on a customer shows their whole lists, with reasons.")
    table(
        query(OFFERS, product=product.strip(), countries=countries),
        {
            "customer_id": "Customer",
            "repeat_product": "To order again",
            "discovery_product": "To try",
            "next_order_window_end": date("Before"),
            "net_amount": money("Net amount"),
            "rfm_segment": "RFM segment",
            "country": "Country",
        },
        name="offers",
    )


def popular_products() -> None:
    """Show what guests and new customers are offered."""
    st.subheader("For guests and new customers")
    countries = query(COUNTRIES)["country"]
    if countries.empty:
        missing("Nothing was sold lately.")
        return
    country = st.selectbox("Sold in", countries, width=260)
    table(
        query(POPULAR, country=country),
        {
            "rank": whole("Rank"),
            "product": "Product",
            "order_count": whole("Orders lately"),
        },
        name="popular_products",
    )
