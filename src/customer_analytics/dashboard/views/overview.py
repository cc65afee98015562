"""Sales, customers, and the proof that nothing was lost."""

import streamlit as st

from customer_analytics.charts import sales
from customer_analytics.dashboard.data import query, row
from customer_analytics.dashboard.parts import (
    currency,
    header,
    metrics,
    missing,
    number,
    show,
    whole,
)

FIGURES = """
select
    sum(gross_amount) as gross_amount,
    sum(net_amount) as net_amount,
    sum(returned_amount) as returned_amount,
    count(*) filter (where not is_fully_returned) as order_count,
    count(*) filter (where customer_id is null) / count(*) as guest_share
from marts.orders
"""
CUSTOMERS = """
select
    count(*) as customer_count,
    count(*) filter (where order_count > 1) / count(*) as repeat_share
from marts.customers
"""
MONTHS = "select * from marts.sales_by_month order by sales_month"
HOURS = "select * from marts.sales_by_weekday_hour order by weekday, hour_of_day"
COUNTRIES = """
select country, net_amount, order_count, customer_count
from marts.sales_by_country
where country is not null and net_amount > 0
order by net_amount desc, country
limit 15
"""
RECONCILIATION = "select * from marts.reconciliation"


def page() -> None:
    """Show the page."""
    if not header("Overview", "What is sold, to how many, and do the books add up?"):
        return
    months = query(MONTHS)
    if months.empty:
        missing("Not a line of the order log was kept; see data quality.")
        return
    unit = currency()
    figures, customers = row(FIGURES), row(CUSTOMERS)
    metrics(
        {
            f"Net amount ({unit})": number(figures["net_amount"]),
            "Orders": number(figures["order_count"]),
            f"Average order ({unit})": number(
                figures["net_amount"] / max(figures["order_count"], 1), ",.2f"
            ),
            "Returned": number(
                figures["returned_amount"] / figures["gross_amount"], ".1%"
            ),
            "Known customers": number(customers["customer_count"]),
            "Ordered again": number(customers["repeat_share"], ".0%"),
            "Orders by guests": number(figures["guest_share"], ".0%"),
        }
    )
    show(
        sales.monthly_sales(months, currency=unit),
        "Sales by month",
        "Less what came back. Grey: months that the data cover in part.",
    )
    show(sales.monthly_customers(months), "Orders and customers by month")
    left, right = st.columns(2)
    with left:
        show(sales.weekday_hours(query(HOURS)), "When orders come in")
    with right:
        countries = query(COUNTRIES)
        if len(countries) > 1:
            show(
                sales.country_sales(countries, currency=unit),
                "Where they come from",
                "The 15 countries that buy most.",
            )
    reconciliation(unit)


def reconciliation(unit: str) -> None:
    """Show that raw = kept + excluded, in lines and in money."""
    st.subheader("Do the tables add up to the raw file?")
    checks = query(RECONCILIATION)
    wrong = int((checks["difference"] != 0).sum())
    st.markdown(
        f"All {len(checks)} checks leave a difference of 0: every raw line is kept, or "
        "excluded with a reason."
        if not wrong
        else f"**{wrong} of {len(checks)} checks leave a difference.**"
    )
    st.dataframe(
        checks,
        column_config={
            "check_name": f"Check (lines, or {unit})",
            "raw": whole("Raw"),
            "kept": whole("Kept"),
            "excluded": whole("Excluded"),
            "difference": whole("Difference"),
        },
        hide_index=True,
        width="stretch",
        height="content",
    )
