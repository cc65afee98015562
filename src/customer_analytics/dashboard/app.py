"""The dashboard's frame: navigation, and what is said where there is nothing to read.

Run by `customer-analytics dashboard`.
"""

import duckdb
import streamlit as st

from customer_analytics.dashboard.data import publication, published_path
from customer_analytics.dashboard.parts import missing
from customer_analytics.dashboard.views import (
    baskets,
    campaigns,
    changes,
    cohorts,
    customer,
    data_quality,
    lifetime_value,
    overview,
    predictions,
    products,
    recommendations,
    rfm,
    segments,
    today,
)

# Seconds between two looks for a new publication.
LOOK_EVERY = 5
PAGES = {
    "Today": [
        (today, "Today", "today"),
        (changes, "Since the last build", "compare_arrows"),
    ],
    "Sales": [(overview, "Overview", "monitoring")],
    "Customers": [
        (customer, "Customer", "person"),
        (segments, "Segments", "groups"),
        (rfm, "RFM", "grid_on"),
        (cohorts, "Cohorts", "calendar_month"),
        (predictions, "Predictions", "online_prediction"),
        (lifetime_value, "Lifetime value", "payments"),
        (campaigns, "Campaigns", "campaign"),
    ],
    "Products": [
        (baskets, "Baskets", "shopping_basket"),
        (recommendations, "Recommendations", "recommend"),
        (products, "Products and stock", "inventory_2"),
    ],
    "Data": [(data_quality, "Data quality", "rule")],
}


@st.fragment(run_every=LOOK_EVERY)
def look_for_new_publication() -> None:
    """Run the page again when another file has taken the published one's place."""
    found = publication()
    if st.session_state.setdefault("publication", found) != found:
        st.session_state["publication"] = found
        st.rerun()


def run() -> None:
    """Show the page that is asked for."""
    st.set_page_config(
        page_title="Customer analytics",
        page_icon="📊",
        layout="wide",
    )
    look_for_new_publication()
    named = {
        area: {
            (path := module.__name__.rpartition(".")[2]): st.Page(
                module.page,
                title=title,
                icon=f":material/{icon}:",
                url_path=path,
                default=module is today,
            )
            for module, title, icon in pages
        }
        for area, pages in PAGES.items()
    }
    # For links from page to page.
    st.session_state["pages"] = {
        path: page for pages in named.values() for path, page in pages.items()
    }
    page = st.navigation({area: list(pages.values()) for area, pages in named.items()})
    if publication() is None:
        st.header("Customer analytics")
        missing(f"There is no published file yet ({published_path()}).", "make build")
        return
    try:
        page.run()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        missing(
            "The published file was made by another version of this project: "
            f"{str(error).splitlines()[0]}",
            "make build",
        )


run()
