"""Sales, customers, and the proof that nothing was lost."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from customer_analytics.charts import sales
from customer_analytics.dashboard.columns import whole
from customer_analytics.dashboard.data import SPAN, currency, query, row
from customer_analytics.dashboard.parts import (
    amount,
    country_filter,
    header,
    metrics,
    missing,
    number,
    rows_shown,
    share,
    show,
)

CHOSEN = """
    (len($countries) = 0 or list_contains($countries, country))
        and ordered_at >= $first and ordered_at < $after
"""
FIGURES = f"""
with chosen as (
    select * from marts.orders where {CHOSEN}
),

people as (
    select count(*) filter (where not is_fully_returned) as order_count
    from chosen
    where customer_id is not null
    group by customer_id
)

select
    sum(gross_amount) as gross_amount,
    sum(net_amount) as net_amount,
    sum(returned_amount) as returned_amount,
    count(*) filter (where not is_fully_returned) as order_count,
    count(*) filter (where customer_id is null) / count(*) as guest_share,
    (select count(*) from people) as customer_count,
    (select count(*) filter (where order_count > 1) / count(*) from people)
        as repeat_share
from chosen
"""
# Amounts as in the tables sales_by_*: of the lines, a return counts on its own date.
# Orders are counted as such, which is faster than telling lines apart by theirs.
MONTHS = f"""
with amounts as (
    select date_trunc('month', ordered_at)::date as sales_month,
        sum(line_amount) as net_amount
    from marts.order_lines
    where {CHOSEN}
    group by sales_month
),

counts as (
    select date_trunc('month', ordered_at)::date as sales_month,
        count(*) as order_count, count(distinct customer_id) as customer_count
    from marts.orders
    where {CHOSEN}
    group by sales_month
)

select sales_month, net_amount, coalesce(order_count, 0) as order_count,
    coalesce(customer_count, 0) as customer_count,
    sales_month >= $first
        and sales_month + interval 1 month <= $after as is_complete
from amounts
left join counts using (sales_month)
order by sales_month
"""
HOURS = f"""
select isodow(ordered_at) as weekday, hour(ordered_at) as hour_of_day,
    count(*) as order_count
from marts.orders
where {CHOSEN}
group by all
order by all
"""
COUNTRIES = f"""
with amounts as (
    select country, sum(line_amount) as net_amount
    from marts.order_lines
    where {CHOSEN}
    group by country
),

counts as (
    select country, count(*) as order_count,
        count(distinct customer_id) as customer_count
    from marts.orders
    where {CHOSEN}
    group by country
)

select country, net_amount, order_count, customer_count
from amounts
inner join counts using (country)
where net_amount > 0
order by net_amount desc, country
limit 15
"""
RECONCILIATION = "select * from marts.reconciliation"


def page() -> None:
    """Show the page."""
    if not header("Overview", "What is sold, to how many, and do the books add up?"):
        return
    chosen = filters()
    months = query(MONTHS, **chosen)
    if months.empty:
        missing("Not a line of the order log was kept; see data quality.")
        return
    unit = currency()
    figures = row(FIGURES, **chosen)
    metrics(
        {
            "Net amount": amount(figures["net_amount"]),
            "Orders": number(figures["order_count"]),
            "Average order": amount(
                figures["net_amount"] / max(figures["order_count"], 1)
            ),
            "Returned": share(figures["returned_amount"] / figures["gross_amount"]),
            "Known customers": number(figures["customer_count"]),
            "Ordered again": share(figures["repeat_share"]),
            "Orders by guests": share(figures["guest_share"]),
        }
    )
    show(
        sales.monthly_sales(months, currency=unit),
        "Sales by month",
        "Less what came back. Grey: months that the data or the period cover in part.",
    )
    show(sales.monthly_customers(months), "Orders and customers by month")
    left, right = st.columns(2)
    with left:
        show(sales.weekday_hours(query(HOURS, **chosen)), "When orders come in")
    with right:
        countries = query(COUNTRIES, **chosen)
        if len(countries) > 1:
            show(
                sales.country_sales(countries, currency=unit),
                "Where they come from",
                "The 15 countries that buy most.",
            )
    reconciliation(unit)


def filters() -> dict[str, object]:
    """Ask for countries and a period; return them as the queries' parameters."""
    found = periods(row(SPAN))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = st.selectbox("Period", list(found), width=260)
        countries = country_filter()
    first, after = found[period]
    return {"countries": countries, "first": first, "after": after}


def periods(span: pd.Series) -> dict[str, tuple[date, date]]:
    """Return the periods that can be chosen: first day, and the day after the last.

    Parameters
    ----------
    span : Series
        ``as_of_date`` and ``first_order_date``. Periods before the data begin are
        left out.
    """
    after, first = span["as_of_date"].date(), span["first_order_date"].date()
    year = timedelta(days=365)
    # A shop does not open on the first of a month: the first one counts as whole.
    first = first.replace(day=1)
    found = {
        "Everything": (first, after),
        "The last 90 days": (after - timedelta(days=90), after),
        "The last 365 days": (after - year, after),
        "The 365 days before": (after - 2 * year, after - year),
    }
    for number_of_year in range((after - timedelta(days=1)).year, first.year - 1, -1):
        found[str(number_of_year)] = (
            date(number_of_year, 1, 1),
            min(date(number_of_year + 1, 1, 1), after),
        )
    return {
        name: (max(begins, first), ends)
        for name, (begins, ends) in found.items()
        if ends > first
    }


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
    rows_shown(
        checks.assign(check_name=checks["check_name"].str.replace("_", " ")),
        {
            "check_name": f"Check (lines, or {unit})",
            "raw": whole("Raw"),
            "kept": whole("Kept"),
            "excluded": whole("Excluded"),
            "difference": whole("Difference"),
        },
    )
