"""Recommendations: for one customer, for guests, and how good they were."""

import pandas as pd
import streamlit as st

from customer_analytics.charts import recommendations
from customer_analytics.dashboard.data import query, row
from customer_analytics.dashboard.parts import (
    currency,
    day,
    evidence,
    header,
    metrics,
    missing,
    number,
    percent,
    show,
    table,
    whole,
)

CUSTOMER = """
select customers.customer_id, customers.country, customers.rfm_segment,
    customers.order_count, customers.net_amount, customers.last_ordered_at,
    value.predicted_amount_90d, value.next_order_window_start,
    value.next_order_window_end, churn.probability as churn_probability
from marts.customers
left join marts.customer_lifetime_value as value using (customer_id)
left join marts.customer_predictions as churn
    on customers.customer_id = churn.customer_id and churn.target = 'churn_90d'
where customers.customer_id = $customer
"""
# Whom the page opens with: the customer who brought most, of those with a list.
FIRST = """
select customer_id from marts.customers
inner join (select distinct customer_id from marts.customer_recommendations)
    using (customer_id)
order by net_amount desc, customer_id
limit 1
"""
RECOMMENDED = """
select slot, rank, product_id, product, score, reason_text, source, model_name, status
from marts.customer_recommendations
where customer_id = $customer
order by slot, rank
"""
GAPS = """
select gap_rank, product, antecedent, confidence_low, expected_extra_amount
from marts.cross_sell_gaps
where customer_id = $customer
order by gap_rank
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
        "Recommendations", "What should this customer be offered, and would it help?"
    ):
        return
    first = row(FIRST)
    if first is None:
        missing("There are no recommendations: the log has no products, or too few.")
        return
    wanted = st.text_input(
        "Customer id",
        value=first["customer_id"],
        help="As in the order log.",
        width=260,
    )
    customer = row(CUSTOMER, customer=wanted.strip())
    if customer is None:
        missing(f"There is no customer {wanted.strip()!r}. Guests are not listed.")
    else:
        facts(customer)
        lists(customer["customer_id"])
    popular()
    quality()


def facts(customer: pd.Series) -> None:
    """Show who the customer is."""
    unit = currency()
    metrics(
        {
            "RFM segment": str(customer["rfm_segment"] or "–"),
            "Orders": number(customer["order_count"]),
            f"Net amount ({unit})": number(customer["net_amount"]),
            "Last order": day(customer["last_ordered_at"]) or "–",
            f"Next 90 days ({unit})": number(customer["predicted_amount_90d"]),
            "No order in 90 days": number(customer["churn_probability"], ".0%"),
        }
    )


def lists(customer_id: str) -> None:
    """Show what to offer, in two lists, and what is missing beside what was bought."""
    found = query(RECOMMENDED, customer=customer_id)
    if found.empty:
        missing("This customer has no list of their own; see the popular products.")
        return
    for column, (slot, title) in zip(st.columns(2), SLOTS.items(), strict=True):
        with column:
            st.subheader(title)
            items = found[found["slot"] == slot]
            if items.empty:
                st.caption("Nothing qualifies.")
                continue
            st.caption(f"By {items['model_name'].iloc[0]}: {items['status'].iloc[0]}.")
            table(
                items,
                {
                    "rank": whole("Rank"),
                    "product": "Product",
                    "reason_text": "Why",
                    "score": percent("Chance in the next basket"),
                },
                name=f"recommendations_{customer_id}_{slot}",
            )
    gaps = query(GAPS, customer=customer_id)
    if not gaps.empty:
        with st.expander("What they should have bought, going by what they did"):
            table(
                gaps,
                {
                    "product": "Product",
                    "antecedent": "Because they bought",
                    "confidence_low": st.column_config.NumberColumn(
                        "How surely", format="percent"
                    ),
                },
                name=f"cross_sell_{customer_id}",
            )


def popular() -> None:
    """Show what guests and new customers are offered."""
    st.subheader("For guests and new customers")
    countries = query(COUNTRIES)["country"]
    if countries.empty:
        missing("Nothing was sold lately.")
        return
    country = st.selectbox("Country", countries, width=260)
    table(
        query(POPULAR, country=country),
        {
            "rank": whole("Rank"),
            "product": "Product",
            "order_count": whole("Orders lately"),
        },
        name="popular_products",
    )


def quality() -> None:
    """Say how good the lists were at past dates, beside what anybody could do."""
    for slot, title in SLOTS.items():
        sources = query(SOURCES, slot=slot)
        if sources.empty:
            continue
        show(
            recommendations.sources_compared(sources),
            f"{title}: which source is best",
        )
        served = sources[sources["kind"] == "served"]
        if served.empty:
            continue
        best = served.iloc[0]
        evidence(
            f"of the next basket of {number(best['n'])} customers at past dates, "
            f"{best['source']} had {best['recall']:.0%} of the products among its "
            f"first ten, and at least one for {best['hit_rate']:.0%} of the customers."
        )
