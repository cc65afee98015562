"""The page of method and limits."""

import pandas as pd

from customer_analytics.report import html
from customer_analytics.report.words import date

METHOD = (
    (
        "Where the figures come from",
        "Every figure is computed from the published tables of one build; nothing "
        "is typed in. Orders are net of what came back: a return takes units back "
        "from an earlier purchase of the same customer and product, and an order "
        "that came back whole is no purchase.",
    ),
    (
        "How groups are formed",
        "Customers are compared by what they do, several ways of grouping are "
        "tried, and of those that come out again from resampled customers, without "
        "tiny groups, the one with the clearest borders is taken. RFM segments are "
        "fixed rules over how lately, how often and for how much somebody ordered.",
    ),
    (
        "How predictions are judged",
        "Every prediction is made at dates of the past, knowing only what was known "
        "then, and compared with what came. Beside it stands the best simple rule, "
        "which serves where no model beats it. Probabilities are checked by what "
        "came of all who were given them.",
    ),
    (
        "What this does not say",
        "Reasons say what moved a prediction, not what causes behaviour. That "
        "somebody will probably pause does not say that a letter helps: only "
        "customers left without one, by lot, can show that. A forecast takes the "
        "shop as it was; prices, campaigns, stock and competitors are not in the "
        "data. Amounts are revenue, not profit. Single customers surprise: trust "
        "the lists, not every name on them.",
    ),
)


def method_parts(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return the parts of the page of method and limits, with the date it is of.

    Parameters
    ----------
    tables : dict of str to DataFrame
        As `tables.read_tables` returns it.
    """
    parts = [f"<h3>{title}</h3>{html.paragraph([text])}" for title, text in METHOD]
    as_of_date = tables["span"]["as_of_date"].iloc[0]
    if not pd.isna(as_of_date):
        parts.append(
            html.paragraph(
                [
                    f"The report looks from {date(as_of_date)}: what happened on that "
                    "day or later is not in it."
                ]
            )
        )
    return parts
