"""What pages are made of: header, evidence, charts, tables with a download."""

import re
from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from customer_analytics.charts.theme import GROUND
from customer_analytics.dashboard.columns import dressed
from customer_analytics.dashboard.data import SPAN, currency, query, row
from customer_analytics.publishing import FORMULA
from customer_analytics.report import words
from customer_analytics.trust import Trust

# Rows of a table that a browser is sent; the download holds all.
SHOWN_ROWS = 1000
COUNTRIES = """
select country from marts.customers
where country is not null
group by country
order by count(*) desc, country
"""
# Of the badges of trust; the word says it too.
COLOURS = {"good": "blue", "fair": "orange", "weak": "red", "unknown": "gray"}
# Streamlit's own way fits legends and titles into the height and squeezes the plot.
AUTOSIZE = alt.AutoSizeParams(type="fit-x", contains="padding")


def header(title: str, question: str, *, needs_orders: bool = True) -> bool:
    """Write what the page is about, as of when, of which data.

    Returns
    -------
    bool
        Whether there is what the page needs; without orders it says why it is empty.
    """
    st.header(title)
    span = row(SPAN)
    st.caption(span_text(span))
    if pd.notna(span["learning_note"]):
        st.warning(span["learning_note"], icon=":material/history:")
    if needs_orders and not span["order_count"]:
        missing(
            "Only customer attributes were built, and this page is about orders.",
            "make build TRANSACTIONS=path/to/orders.csv",
        )
        return False
    st.markdown(question)
    return True


def span_text(span: pd.Series) -> str:
    """Return the as-of date, span and size of the data in a line."""
    if not span["order_count"]:
        as_of = f"As of {day(span['as_of_date'])} · " if day(span["as_of_date"]) else ""
        return f"{as_of}customer attributes alone, no orders"
    return (
        f"As of **{day(span['as_of_date'])}** · orders from "
        f"{day(span['first_order_date'])} to {day(span['last_order_date'])} · "
        f"{span['order_count']:,} orders · {span['customer_count']:,} known customers"
        f" · learned as of {day(span['learning_date'])}"
    )


def day(value: date | pd.Timestamp | None) -> str:
    """Return a date as 2024-12-31; nothing for none."""
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"


def number(value: float | None, form: str = ",.0f") -> str:
    """Return a number as it is read, a dash where it is unknown."""
    return "–" if value is None or pd.isna(value) else format(value, form)


def share(value: float | None) -> str:
    """Return a share of 0 to 1 in percent, a dash where it is unknown."""
    return "–" if value is None or pd.isna(value) else words.share(value)


def amount(value: float | None) -> str:
    """Return an amount with its currency, a dash where it is unknown."""
    if value is None or pd.isna(value):
        return "–"
    return words.amount(float(value), currency())


def statistics_wanted() -> bool:
    """Ask whether to draw how good scores of the past were."""
    return st.toggle(
        "Show in charts how it did in the past",
        help="For who wants to know what the words of trust rest on.",
    )


def page_link(path: str, label: str) -> None:
    """Link to another page of the dashboard, by the name of its module."""
    pages = st.session_state.get("pages", {})
    if path in pages:
        st.page_link(pages[path], label=label, icon=":material/arrow_forward:")
    else:
        # A page that runs by itself, as in tests, knows no others.
        st.markdown(f"[{label}]({path})")


def plain(text: str | None) -> str:
    """Return a sentence that markdown shows as it is, whatever signs it holds."""
    if not isinstance(text, str):
        return ""
    return re.sub(r"([$*_`\[\]~])", r"\\\1", text)


def missing(why: str, command: str = "") -> None:
    """Say why there is nothing to see, and which command would change that."""
    st.info(f"Nothing to show here. {why}", icon=":material/info:")
    if command:
        st.code(command, language="shell")


def badge(level: str) -> str:
    """Return a level of trust as it is marked in a line of text."""
    return f":{COLOURS[level]}-badge[{level}]"


def how_sure(trust: Trust, *more: str) -> None:
    """Write how far a score can be trusted, with the statistics one click below.

    Parameters
    ----------
    trust : Trust
    *more : str
        Sentences that stand below the statistics, such as why a model was chosen.
    """
    st.markdown(
        f":material/fact_check: **How sure:** {badge(trust.level)} {trust.meaning}"
    )
    if not trust.statistics:
        return
    lines = ["| Statistic | Here | Good is |", "|---|---|---|"]
    lines += [f"| {one.name} | {one.value} | {one.good} |" for one in trust.statistics]
    with st.expander("The statistics behind this, and what good values are"):
        st.markdown("\n".join(lines))
        for sentence in filter(None, more):
            st.caption(sentence)


def show(chart: alt.TopLevelMixin, title: str = "", note: str = "") -> None:
    """Draw a chart under its title; the page's light or dark ground dresses it."""
    if title:
        st.subheader(title)
    if note:
        st.caption(note)
    # The one colour that Streamlit leaves as it is: that of letters in the plot.
    _, ink, _ = GROUND[st.context.theme.type == "dark"]
    st.altair_chart(
        chart.properties(autosize=AUTOSIZE).configure_text(color=ink), width="stretch"
    )


def metrics(values: dict[str, str]) -> None:
    """Write a line of figures that breaks where the page is narrow."""
    with st.container(horizontal=True):
        for label, value in values.items():
            st.metric(label, value, width="content", border=True)


def table(frame: pd.DataFrame, columns: dict[str, object], *, name: str) -> None:
    """Show a table, with a button that downloads all of it as CSV.

    Streamlit's own button, at the table's corner, knows only the rows that are shown.

    Parameters
    ----------
    frame : DataFrame
        All rows; the first ``SHOWN_ROWS`` are shown.
    columns : dict of column to column configuration or title
        What is shown, in this order.
    name : str
        Of the file, without its ending.
    """
    rows_shown(frame.head(SHOWN_ROWS), columns, height="auto")
    shown = min(len(frame), SHOWN_ROWS)
    of_all = (
        f"{len(frame):,} rows"
        if shown == len(frame)
        else (f"First {shown:,} of {len(frame):,} rows")
    )
    st.caption(f"{of_all}; the download holds all of them.")
    st.download_button(
        "Download all rows",
        # Written when it is asked for, not each time that the page runs.
        lambda: without_formulas(frame).to_csv(index=False).encode(),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"download_{name}",
    )


def rows_shown(
    frame: pd.DataFrame, columns: dict[str, object], *, height: str = "content"
) -> None:
    """Show a short table, all of it, without a download."""
    shown, columns = dressed(frame, columns)
    st.dataframe(
        shown,
        column_order=list(columns),
        column_config=columns,
        hide_index=True,
        width="stretch",
        height=height,
    )


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts no spreadsheet runs; see `publishing.FORMULA`."""
    texts = frame.select_dtypes(["object", "string"])
    changed = texts.map(
        lambda text: (
            f"'{text}" if isinstance(text, str) and re.match(FORMULA, text) else text
        )
    )
    return frame.assign(**changed)


def country_filter(key: str = "countries") -> list[str]:
    """Ask for countries of customers; none stands for all."""
    found = query(COUNTRIES)["country"].tolist()
    if len(found) < 2:
        return []
    return st.multiselect("Country", found, placeholder="All", width=260, key=key)
