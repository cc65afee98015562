"""Products: what sells, how steadily, what sleeps and what rises."""

import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import products
from customer_analytics.dashboard.columns import decimal, money, percent, whole
from customer_analytics.dashboard.data import currency, query, row
from customer_analytics.dashboard.parts import (
    header,
    how_sure,
    metrics,
    missing,
    number,
    share,
    show,
    table,
)

FIGURES = """
select
    count(*) as product_count,
    count(*) filter (where unit_count_90d > 0) as sold_count,
    count(*) filter (where is_slow_mover) as slow_count,
    count(*) filter (where days_since_last_sale > 365) as gone_count,
    sum(returned_amount) / sum(gross_amount) as returned_share
from marts.products
"""
CLASSES = """
select
    abc_class,
    count(*) / sum(count(*)) over () as product_share,
    sum(net_amount) / sum(sum(net_amount)) over () as net_amount_share
from marts.products
where abc_class is not null
group by abc_class
order by abc_class
"""
GRID = """
select abc_class, coalesce(xyz_class, 'too new') as xyz_class,
    count(*) as product_count
from marts.products
where abc_class is not null
group by all
order by all
"""
SIGNALS = """
select replace(signal, '_', ' ') as signal, count(*) as product_count,
    sum(amount_at_stake) as amount_at_stake
from marts.inventory_signals
group by all
order by amount_at_stake desc
"""
RULES = """
select replace(signal, '_', ' ') as signal, rule_number, string_agg(note, '; ') as rule
from reference.stock_rules
group by all
order by rule_number
"""
STOCK = """
select product_id, description, replace(signal, '_', ' ') as signal, abc_class,
    xyz_class, days_since_last_sale, unit_count_90d, expected_unit_count_90d,
    demand_trend, is_against_last_year, net_amount_90d, amount_at_stake, bundle_with,
    bundle_confidence
from marts.inventory_signals
where (len($signals) = 0 or list_contains($signals, replace(signal, '_', ' ')))
order by amount_at_stake desc nulls last, product_id
"""
PRODUCTS = """
select product_id, description, category, abc_class, xyz_class, order_count,
    customer_count, unit_count, net_amount, returned_amount / nullif(gross_amount, 0)
        as returned_share,
    median_unit_price, days_since_last_sale, unit_count_90d
from marts.products
where contains(lower(coalesce(description, '') || ' ' || product_id), lower($product))
order by net_amount desc, product_id
"""


def page() -> None:
    """Show the page."""
    if not header("Products and stock", "What sells, what sleeps, and what is rising?"):
        return
    figures = row(FIGURES)
    if not figures["product_count"]:
        missing("The order log has no products, only amounts.")
        return
    metrics(
        {
            "Products": number(figures["product_count"]),
            "Sold in the last 90 days": number(figures["sold_count"]),
            "Slow movers": number(figures["slow_count"]),
            "Not sold for a year": number(figures["gone_count"]),
            "Returned, by value": share(figures["returned_share"]),
        }
    )
    left, right = st.columns(2)
    with left:
        show(
            products.abc_classes(query(CLASSES)),
            "How few make how much",
            "A: the products that make the first 80 % of the net amount.",
        )
    with right:
        show(
            products.abc_xyz_grid(query(GRID)),
            "What is steady",
            "X: sells alike each week; Z: by fits and starts.",
        )
    stock()
    st.subheader("All products")
    product = st.text_input("Product or code contains", width=260)
    table(
        query(PRODUCTS, product=product.strip()),
        {
            "product_id": "Code",
            "description": "Product",
            "abc_class": "ABC",
            "xyz_class": "XYZ",
            "net_amount": money("Net amount"),
            "order_count": whole("Orders"),
            "customer_count": whole("Customers"),
            "unit_count": whole("Units"),
            "returned_share": percent("Returned"),
            "median_unit_price": decimal(f"Usual price ({currency()})"),
            "days_since_last_sale": whole("Days since last sale"),
        },
        name="products",
    )


def stock() -> None:
    """Show what sleeps, rises and falls, and by which rules."""
    signals = query(SIGNALS)
    if signals.empty:
        missing("No product is slow, rising, falling or out of season.")
        return
    rules = query(RULES).groupby("signal", sort=False)["rule"].agg(" · or · ".join)
    show(
        products.stock_signals(signals, currency=currency()),
        "What to look at",
        "At stake: revenue that fell away, or came on top, against what the season let "
        "expect (the same days last year).",
    )
    how_sure(
        trust.counted_only(
            "There is no stock level in an order log: look at the shelf before you "
            "order, or sell off."
        )
    )
    with st.expander("The rules (seed `stock_rules`)"):
        st.markdown(
            "\n".join(
                f"- **{name.capitalize()}**: {rule}" for name, rule in rules.items()
            )
        )
    chosen = st.pills("Signal", list(signals["signal"]), selection_mode="multi")
    table(
        query(STOCK, signals=chosen),
        {
            "product_id": "Code",
            "description": "Product",
            "signal": "Signal",
            "amount_at_stake": money("At stake"),
            "abc_class": "ABC",
            "xyz_class": "XYZ",
            "unit_count_90d": whole("Units, 90 days"),
            "expected_unit_count_90d": whole("Expected by season"),
            "demand_trend": percent("Against expected"),
            "is_against_last_year": "By last year",
            "days_since_last_sale": whole("Days since last sale"),
            "bundle_with": "Bundle with",
            "bundle_confidence": percent("How surely"),
        },
        name="stock_signals",
    )
