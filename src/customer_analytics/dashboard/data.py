"""Reads the published file: one short read-only connection per query.

A connection that stays open would keep the file of an old publication (and on Windows
keep a new one from being put in its place). Answers are cached by publication, so that
a new one is asked anew.
"""

from pathlib import Path

import duckdb
import pandas as pd
import streamlit as st

from customer_analytics.customer_facts import read_customer
from customer_analytics.places import warehouse_folder
from customer_analytics.publishing import PUBLISHED_NAME

CACHED_ANSWERS = 500
SPAN = "select * from marts.data_span"


def published_path() -> Path:
    """Return where the published file is, or will be."""
    return warehouse_folder() / PUBLISHED_NAME


def publication() -> tuple[str, int, int] | None:
    """Return what tells one publication from the next; None where there is none."""
    path = published_path()
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return str(path.resolve()), found.st_ino, found.st_mtime_ns


def query(sql: str, **parameters: object) -> pd.DataFrame:
    """Ask the published file.

    Parameters
    ----------
    sql : str
        One select, with parameters as ``$name``.
    **parameters
        Their values.

    Returns
    -------
    DataFrame
        The answer; decimals as float.

    Raises
    ------
    duckdb.Error
        If the file lacks a table or column: another version published it.
    """
    return _answer(publication(), sql, parameters)


def row(sql: str, **parameters: object) -> pd.Series | None:
    """Return the first row of an answer, None where there is none."""
    found = query(sql, **parameters)
    return None if found.empty else found.iloc[0]


def currency() -> str:
    """Return the name of the currency that all amounts are in."""
    return str(row(SPAN)["currency"])


def customer(customer_id: str) -> dict[str, pd.DataFrame]:
    """Return all that is published of a customer; see `customer_facts.customer`."""
    return _customer(publication(), customer_id)


@st.cache_data(max_entries=CACHED_ANSWERS, show_spinner=False)
def _customer(publication: tuple, customer_id: str) -> dict[str, pd.DataFrame]:
    return read_customer(publication[0], customer_id)


@st.cache_data(max_entries=CACHED_ANSWERS, show_spinner=False)
def _answer(publication: tuple, sql: str, parameters: dict) -> pd.DataFrame:
    path, *_ = publication
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(sql, parameters or None).df()
