"""Campaigns: whom to contact, what it is worth, whom to leave alone to compare."""

import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import campaigns
from customer_analytics.dashboard.columns import date, money, percent
from customer_analytics.dashboard.data import currency, query, row
from customer_analytics.dashboard.parts import (
    amount,
    country_filter,
    header,
    how_sure,
    metrics,
    missing,
    number,
    show,
    table,
)

AUDIENCES = """
select campaign, assignment, count(*) as customer_count,
    sum(expected_value)::double as expected_value
from marts.campaign_audiences
group by campaign, assignment
order by campaign, assignment
"""
POWER = """
select detectable_difference, expected_difference, needed_customer_count
from evidence.campaign_power
where measure = 'net_amount'
"""
CUSTOMERS = """
select audiences.customer_id, customers.country, audiences.campaign,
    audiences.assignment,
    audiences.segment, audiences.risk_level, audiences.value_level, audiences.action,
    audiences.channel, audiences.risk_probability, audiences.predicted_amount_365d,
    audiences.expected_value, customers.repeat_product, customers.discovery_product,
    audiences.next_order_window_end
from marts.campaign_audiences as audiences
inner join marts.customers using (customer_id)
where (len($campaigns) = 0 or list_contains($campaigns, audiences.campaign))
    and (len($assignments) = 0 or list_contains($assignments, audiences.assignment))
    and (len($countries) = 0 or list_contains($countries, customers.country))
order by audiences.expected_value desc nulls last, audiences.customer_id
"""


def page() -> None:
    """Show the page."""
    if not header(
        "Campaigns", "Whom to contact, what is it worth, and whom to leave alone?"
    ):
        return
    audiences = query(AUDIENCES)
    if audiences.empty:
        missing("Nothing is predicted of any customer, so there is nobody to choose.")
        return
    unit = currency()
    groups = audiences.groupby("assignment")[["customer_count", "expected_value"]].sum(
        # None is known where none has a value.
        min_count=1
    )
    groups = groups.reindex(list(campaigns.ASSIGNMENTS), fill_value=0)
    how_sure(
        trust.campaigns(row(POWER)),
        "What is assumed: the settings `campaign_uplift_share`, `campaign_margin` and "
        "`campaign_contact_cost`, and the seed `campaign_channels`.",
    )
    metrics(
        {
            "To contact": number(groups.loc["contact", "customer_count"]),
            "Held out": number(groups.loc["hold_out", "customer_count"]),
            "Left out": number(groups.loc["leave", "customer_count"]),
            "Expected of the contacts": amount(groups.loc["contact", "expected_value"]),
        }
    )
    show(
        campaigns.audience_sizes(audiences, currency=unit),
        "Campaigns by their audience",
    )
    customers(audiences["campaign"].unique().tolist())


def customers(names: list[str]) -> None:
    """Show the customers that the filters leave, with a download."""
    st.subheader("Customers")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect("Campaign", names, placeholder="All", width=320)
        assignments = st.multiselect(
            "What to do",
            list(campaigns.ASSIGNMENTS),
            default=["contact"],
            format_func=lambda name: campaigns.ASSIGNMENTS[name],
            placeholder="Anything",
            width=380,
        )
        countries = country_filter()
    table(
        query(
            CUSTOMERS, campaigns=chosen, assignments=assignments, countries=countries
        ),
        {
            "customer_id": "Customer",
            "campaign": "Campaign",
            "expected_value": money("Expected value"),
            "action": "Action",
            "channel": "Channel",
            "risk_probability": percent("No order in 90 days"),
            "predicted_amount_365d": money("Next 365 days"),
            "segment": "RFM segment",
            "repeat_product": "Offer again",
            "discovery_product": "Offer new",
            "next_order_window_end": date("Before"),
        },
        name="campaign_audiences",
    )
