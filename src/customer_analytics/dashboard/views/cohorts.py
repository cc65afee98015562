"""Cohorts: who comes back, and what they bring over time."""

import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import cohorts
from customer_analytics.dashboard.columns import percent, whole
from customer_analytics.dashboard.data import currency, query
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

COHORTS = """
select * from marts.cohort_retention
where $with_first or not is_first_cohort
order by cohort_month, month_number
"""
# Cohorts weigh by their customers; months that are not over are left out.
BY_AGE = """
select
    month_number,
    sum(active_customer_count) / sum(cohort_size) as retention_rate,
    min(retention_rate) as lowest_rate,
    max(retention_rate) as highest_rate,
    count(*) as cohort_count,
    sum(cohort_size) as customer_count
from marts.cohort_retention
where ($with_first or not is_first_cohort) and is_complete and month_number > 0
group by month_number
order by month_number
"""


def page() -> None:
    """Show the page."""
    if not header("Cohorts", "How many of the customers won in a month come back?"):
        return
    with_first = st.toggle(
        "With the first cohort",
        help="The first month of the data holds everybody who ordered in it, customers "
        "of many years too.",
    )
    months = query(COHORTS, with_first=with_first)
    by_age = query(BY_AGE, with_first=with_first)
    if by_age.empty:
        missing("There is no cohort with a whole month after its first one.")
        return
    rate = by_age.set_index("month_number")["retention_rate"]
    metrics(
        {
            f"Order in month {number_of_months} after": share(rate[number_of_months])
            for number_of_months in (1, 3, 6, 12)
            if number_of_months in rate
        }
    )
    sizes = months["cohort_size"]
    how_sure(
        trust.counted_only(
            f"There are {months['cohort_month'].nunique()} cohorts of "
            f"{number(sizes.min())} to {number(sizes.max())} customers. Small cohorts "
            "swing by chance; months that are not over are pale, and unobserved ones "
            "are left out."
        )
    )
    show(
        cohorts.retention_heat_map(months),
        "Who comes back, by cohort",
        "Month 0, the month of the first order, is 100 % and left out.",
    )
    show(
        cohorts.retention_by_age(by_age),
        "Who comes back, over all cohorts",
        "Line: all cohorts; band: from the lowest to the highest.",
    )
    show(
        cohorts.cumulative_value(months, currency=currency()),
        "What a customer has brought",
    )
    with st.expander("All cohorts as a table"):
        table(
            months,
            {
                "cohort_month": st.column_config.DateColumn("Cohort", format="YYYY-MM"),
                "month_number": whole("Month"),
                "cohort_size": whole("Customers"),
                "active_customer_count": whole("Ordered"),
                "retention_rate": percent("Share"),
                "order_count": whole("Orders"),
            },
            name="cohorts",
        )
