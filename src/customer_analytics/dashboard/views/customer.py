"""Customer: all that is known of one of them, and what to do next."""

import pandas as pd
import streamlit as st

from customer_analytics.charts import customer as charts
from customer_analytics.customer_facts import UnknownCustomerError
from customer_analytics.dashboard.columns import (
    customer_address,
    date,
    money,
    whole,
)
from customer_analytics.dashboard.data import currency, customer, query, row
from customer_analytics.dashboard.parts import (
    amount,
    day,
    header,
    metrics,
    missing,
    number,
    plain,
    rows_shown,
    share,
    show,
    table,
)
from customer_analytics.dashboard.views.customer_scores import (
    next_moves,
    offers,
    value,
)
from customer_analytics.names import name_of

# What is typed, and the id in the address that is answered already.
TYPED, ASKED = "customer_typed", "customer_asked"
# Whom the page opens with: the customer who brought most, or any without orders.
FIRST = """
select coalesce(
    (
        select customer_id from marts.customers
        order by net_amount desc nulls last, customer_id
        limit 1
    ),
    (select min(customer_id) from marts.customer_attributes)
) as customer_id
"""
ALIKE = """
with known as (
    select customer_id from marts.customers
    union
    select customer_id from marts.customer_attributes
)

select customer_id from known
where contains(lower(customer_id), lower($text))
order by len(customer_id), customer_id
limit 20
"""
ASSIGNMENTS = {
    "contact": "Contact them",
    "hold_out": "Leave them alone: they are held out, to measure what a contact does",
    "leave": "Leave them alone: a contact would not pay",
}


def page() -> None:
    """Show the page."""
    header(
        "Customer",
        "All that is known of one customer, and what to do next.",
        needs_orders=False,
    )
    found = wanted()
    if found is None:
        return
    facts(found)
    what_to_do(found)
    bought(found)
    groups(found)
    next_moves(found)
    value(found)
    offers(found)
    if len(found["attributes"]):
        with st.expander("What else is known of them"):
            rows_shown(
                found["attributes"].assign(
                    attribute_name=found["attributes"]["attribute_name"]
                    .str.replace("_", " ")
                    .str.capitalize()
                ),
                {"attribute_name": "What", "value": "Value"},
            )


def wanted() -> dict[str, pd.DataFrame] | None:
    """Return the facts of the customer that is asked for; None where there is none."""
    state = st.session_state
    asked = st.query_params.get("id")
    if asked and (asked != state.get(ASKED) or TYPED not in state):
        state[TYPED] = asked
    elif TYPED not in state:
        state[TYPED] = row(FIRST)["customer_id"] or ""
    text = st.text_input(
        "Customer id", key=TYPED, help="As in the order log.", width=260
    ).strip()
    if not text:
        missing("No customer is known.", "make build TRANSACTIONS=path/to/orders.csv")
        return None
    try:
        found = customer(text)
    except UnknownCustomerError:
        alike = query(ALIKE, text=text)["customer_id"]
        missing(f"There is no customer {text!r}. Guests are not listed.")
        if len(alike):
            links = " · ".join(
                f"[{plain(one)}]({customer_address(one)})" for one in alike
            )
            st.markdown(f"Ids that contain it: {links}")
        return None
    # So that the address in the browser leads here again.
    st.query_params["id"] = state[ASKED] = text
    return found


def facts(found: dict[str, pd.DataFrame]) -> None:
    """Show who the customer is, in a line of figures."""
    if found["customer"].empty:
        return
    customer_row = found["customer"].iloc[0]
    dates = [day(customer_row[f"{name}_ordered_at"]) for name in ("first", "last")]
    lives = f"{customer_row['country']} · " if customer_row["country"] else ""
    st.markdown(f"{plain(lives)}first order **{dates[0]}** · last order **{dates[1]}**")
    metrics(
        {
            "RFM segment": str(customer_row["rfm_segment"] or "–"),
            "Orders": number(customer_row["order_count"]),
            "Net amount": amount(customer_row["net_amount"]),
            "No order in 90 days": share(customer_row["churn_90d_probability"]),
            "Next 365 days": amount(customer_row["predicted_amount_365d"]),
        }
    )


def what_to_do(found: dict[str, pd.DataFrame]) -> None:
    """Say which campaign and action fit, with what offer, and by when."""
    if found["campaign"].empty:
        return
    campaign = found["campaign"].iloc[0]
    channel = plain(campaign["channel"])
    by = f", by {channel}" if channel else ""
    points = [
        f"**{ASSIGNMENTS[campaign['assignment']]}** "
        f"(campaign {plain(campaign['campaign'])}{by}).",
        f"**Action:** {plain(campaign['action'])}.",
    ]
    offered = found["recommendations"]
    for slot, verb in (("repeat", "Offer again"), ("discovery", "Offer new")):
        if len(offered) and (offered["slot"] == slot).any():
            top = offered[offered["slot"] == slot].iloc[0]
            points.append(
                f"**{verb}:** {plain(top['product'])} (to tell them: "
                f'"{plain(top["reason_text"])}").'
            )
    if pd.notna(campaign["next_order_window_end"]):
        points.append(
            f"**By when:** before {day(campaign['next_order_window_end'])}, when the "
            "window of the next order ends."
        )
    if pd.notna(campaign["expected_value"]):
        points.append(
            "**What it is expected to pay:** "
            f"{plain(amount(campaign['expected_value']))}, by the assumptions of the "
            "settings."
        )
    with st.container(border=True):
        st.subheader("What to do")
        st.markdown("\n".join(f"- {point}" for point in points))


def bought(found: dict[str, pd.DataFrame]) -> None:
    """Show what the customer bought and returned over time."""
    orders, products = found["orders"], found["products"]
    if orders.empty:
        missing("No order of theirs was kept.")
        return
    show(
        charts.purchases_by_month(orders, currency=currency()),
        "What they bought and returned",
        "Returns stand below zero, in the month of the order they are of.",
    )
    by_order, by_product = st.tabs(["Orders", "Products"])
    with by_order:
        table(
            orders,
            {
                "ordered_at": st.column_config.DatetimeColumn(
                    "Ordered", format="YYYY-MM-DD HH:mm"
                ),
                "order_id": "Order",
                "product_count": whole("Products"),
                "unit_count": whole("Units"),
                "gross_amount": money("Bought"),
                "returned_amount": money("Returned"),
                "net_amount": money("Net amount"),
            },
            name="customer_orders",
        )
    with by_product:
        if products.empty:
            st.caption("The order log has no products, only amounts.")
            return
        table(
            products,
            {
                "product": "Product",
                "product_id": "Code",
                "order_count": whole("Orders"),
                "unit_count": whole("Units"),
                "returned_unit_count": whole("Units returned"),
                "net_amount": money("Net amount"),
                "last_bought_at": date("Last bought"),
            },
            name="customer_products",
        )


def groups(found: dict[str, pd.DataFrame]) -> None:
    """Show the customer's segments, now and before."""
    if found["segments"].empty:
        return
    st.subheader("Which groups they are in, now and before")
    named = {
        # Not capitalize(), which would make Rfm of RFM.
        name: name_of(name)[:1].upper() + name_of(name)[1:]
        for name in found["segments"]["feature_set"]
    }
    segments = found["segments"]
    rows_shown(
        segments.assign(
            grouping=segments["feature_set"].map(named),
            since=[day(since) or "–" for since in segments["since"]],
            segment_before=segments["segment_before"].fillna("–"),
        ),
        {
            "grouping": "Grouped by",
            "segment": "Segment now",
            "since": "Since",
            "segment_before": "Before that",
        },
    )
    history = found["segment_history"]
    if len(history):
        show(
            charts.segments_over_time(
                history.assign(grouping=history["feature_set"].map(named))
            )
        )
