"""How columns of tables are shown: one rounding for each kind of number."""

from urllib.parse import quote

import pandas as pd
import streamlit as st

from customer_analytics.dashboard.data import currency

CUSTOMER = "customer_id"
WHOLE, PERCENT = "%,.0f", "%.0f %%"
# What a link's address keeps as it is, so that the id is read from it again.
READABLE = "/?:@$,;= "


def money(title: str) -> object:
    """Return the configuration of a column of amounts, titled with the currency."""
    return whole(f"{title} ({currency()})")


def whole(title: str) -> object:
    """Return the configuration of a column of counts, or of amounts."""
    return st.column_config.NumberColumn(title, format=WHOLE)


def percent(title: str) -> object:
    """Return the configuration of a column of shares from 0 to 1."""
    return st.column_config.NumberColumn(title, format=PERCENT)


def decimal(title: str, digits: int = 2) -> object:
    """Return the configuration of a column of numbers."""
    return st.column_config.NumberColumn(title, format=f"%,.{digits}f")


def date(title: str) -> object:
    """Return the configuration of a column of dates."""
    return st.column_config.DateColumn(title, format="YYYY-MM-DD")


def customer_address(customer_id: str) -> str:
    """Return the address of a customer's page, seen from any page of the dashboard."""
    return f"customer?id={quote(customer_id, safe=READABLE)}"


def dressed(
    frame: pd.DataFrame, columns: dict[str, object]
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return a table as a browser shows it, and how.

    Customers become links to their page, and shares percent: what a browser rounds has
    to be a number of percent.

    Parameters
    ----------
    frame : DataFrame
    columns : dict of column to column configuration or title

    Returns
    -------
    tuple of DataFrame and dict
    """
    shown, columns = frame.copy(), dict(columns)
    for name, config in columns.items():
        if isinstance(config, dict) and config["type_config"].get("format") == PERCENT:
            shown[name] = shown[name] * 100
    if CUSTOMER in columns:
        shown[CUSTOMER] = [
            customer_address(one) if isinstance(one, str) else None
            for one in frame[CUSTOMER]
        ]
        columns[CUSTOMER] = st.column_config.LinkColumn(
            "Customer", display_text=r"id=(.*)$", alignment="left", pinned=True
        )
    return shown, columns
