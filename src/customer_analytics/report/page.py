"""The report as one HTML page: what it says of each area, and what it lacks."""

from importlib.resources import files

import pandas as pd

from customer_analytics.names import in_words
from customer_analytics.report import html
from customer_analytics.report import sentences_certainty as certainty
from customer_analytics.report import sentences_changes as changes
from customer_analytics.report import sentences_customers as customers
from customer_analytics.report.figures import Figure
from customer_analytics.report.key_figures import key_figures
from customer_analytics.report.method import method_parts
from customer_analytics.report.queries_certainty import CHURN
from customer_analytics.report.words import (
    amount,
    counted,
    date,
    product,
    share,
)

NO_ORDERS = (
    "No order log was read, only what is known of customers. What needs orders is left "
    "out: sales, changes, risks, forecasts."
)
NO_PRODUCTS = (
    "The order log names no products, so nothing is said of what goes together, what "
    "to recommend, or what sleeps in stock."
)

Tables = dict[str, pd.DataFrame]


def report_page(tables: Tables, figures: dict[str, Figure]) -> str:
    """Return the report as one HTML page that loads nothing.

    Parameters
    ----------
    tables : dict of str to DataFrame
        As `tables.read_tables` returns it.
    figures : dict of str to Figure
        As `figures.figures` returns it.
    """
    span = tables["span"].iloc[0]
    has_orders = bool(span["order_count"])
    title = "Customer report"
    body = [f"<header><h1>{title}</h1>", _when(span), "</header>"]
    if has_orders:
        body += [html.tiles(key_figures(tables)), _in_short(tables)]
    else:
        body.append(html.note(NO_ORDERS))
    body.append(_customers(tables, figures, has_orders))
    if has_orders:
        body += [
            _changes(tables, figures),
            _contacts(tables),
            _outlook(tables, figures),
            _certainty(tables, figures),
        ]
    body.append(html.section("method", "Method and limits", method_parts(tables)))
    style = files("customer_analytics.report").joinpath("style.css").read_text("utf-8")
    return html.page(title, style, "".join(body))


def _when(span: pd.Series) -> str:
    if not span["order_count"]:
        return '<p class="when">Customer attributes alone, no orders</p>'
    return (
        f'<p class="when">As of {date(span["as_of_date"])}. Orders from '
        f"{date(span['first_order_date'])} to {date(span['last_order_date'])}, "
        f"{counted(int(span['order_count']), 'order')}, "
        f"{counted(int(span['customer_count']), 'known customer')}.</p>"
    )


def _in_short(tables: Tables) -> str:
    currency = _currency(tables)
    first = (
        changes.year_on_year(tables["years"], currency),
        customers.concentration(tables["customers"], currency),
        customers.segments(tables["segments"])[1:],
        changes.retention(tables["cohorts"]),
        certainty.risk(tables["risk_tiers"], tables["returns"], currency),
        certainty.forecasts(tables["forecasts"], currency),
    )
    points = dict.fromkeys(sentences[0] for sentences in first if sentences)
    return html.section("short", "In short", [html.bullets(list(points))])


def _customers(tables: Tables, figures: dict[str, Figure], has_orders: bool) -> str:
    parts = []
    if has_orders:
        people = tables["customers"]
        parts.append(
            html.paragraph(
                customers.concentration(people, _currency(tables))
                + customers.habits(people)
                + customers.guests(tables["span"])
            )
        )
    profiles = tables["segments"]
    parts.append(html.paragraph(customers.segments(profiles)))
    parts.append(html.picture(figures.get("segments")))
    if len(profiles):
        parts.append(_segment_table(profiles))
    parts.append(html.picture(figures.get("rfm_segments")))
    return html.section("customers", "What the customers are", parts)


def _segment_table(profiles: pd.DataFrame) -> str:
    header = ["Group", "Customers", "Amount", "What they are like", "What to do"]
    rows = [
        [
            row.segment_name,
            f"{row.customer_count:,} ({share(row.customer_share)})",
            share(row.net_amount_share) if pd.notna(row.net_amount_share) else "-",
            row.persona,
            f"{row.recommended_action} ({row.channel_hint})",
        ]
        for row in profiles.itertuples()
    ]
    return html.table("The groups, and what to do about them", header, rows)


def _changes(tables: Tables, figures: dict[str, Figure]) -> str:
    currency = _currency(tables)
    years = tables["years"]
    parts = [
        html.paragraph(
            changes.year_on_year(years, currency) + changes.new_and_returning(years)
        ),
        html.paragraph(changes.best_month(tables["months"], currency)),
        html.picture(figures.get("sales_by_month")),
        html.paragraph(changes.movement(tables["moves"], currency)),
        html.picture(figures.get("segment_moves")),
        html.paragraph(changes.retention(tables["cohorts"])),
        html.picture(figures.get("retention")),
    ]
    return html.section("changes", "What changes", parts)


def _contacts(tables: Tables) -> str:
    currency = _currency(tables)
    found = tables["contacts"]
    parts = [
        html.paragraph(
            certainty.risk(tables["risk_tiers"], tables["returns"], currency)
            + certainty.reach(tables["lift"])
        ),
        html.paragraph(
            certainty.campaigns(tables["campaigns"], tables["power"], currency)
        ),
    ]
    if len(tables["campaigns"]):
        parts.append(_campaign_table(tables["campaigns"], currency))
    if len(found):
        header = ["Customer", "Risk", "Brought", "Expected", "Why", "Offer"]
        rows = [
            [
                row.customer_id,
                share(row.probability),
                amount(row.historic_amount, currency),
                amount(row.predicted_amount, currency),
                row.reason,
                product(row.product) or "-",
            ]
            for row in found.itertuples()
        ]
        parts.append(
            html.table(
                "The most valuable customers at high risk: the amount expected is of "
                "the next 365 days",
                header,
                rows,
            )
        )
    parts.append(html.paragraph(customers.newcomers(tables["newcomers"])))
    if tables["span"]["product_count"].iloc[0]:
        parts.append(html.paragraph(customers.products_together(tables["rules"])))
        parts.append(html.paragraph(certainty.recommenders(tables["recommenders"])))
        parts.append(html.paragraph(customers.stock(tables["stock"], currency)))
    else:
        parts.append(html.note(NO_PRODUCTS))
    return html.section("contacts", "Whom to contact, and with what", parts)


def _campaign_table(campaigns: pd.DataFrame, currency: str) -> str:
    header = ["Campaign", "Contact", "At risk", "Pays", "What to do", "How"]
    rows = [
        [
            row.campaign,
            f"{row.contact_count:,}",
            amount(row.amount_at_risk, currency),
            amount(row.expected_value, currency),
            row.action,
            row.channel,
        ]
        for row in campaigns.itertuples()
    ]
    return html.table("The campaigns, and what each is expected to pay", header, rows)


def _outlook(tables: Tables, figures: dict[str, Figure]) -> str:
    parts = [
        html.bullets(certainty.forecasts(tables["forecasts"], _currency(tables))),
        html.picture(figures.get("forecast_by_month")),
    ]
    return html.section("outlook", "What comes next", parts)


def _certainty(tables: Tables, figures: dict[str, Figure]) -> str:
    parts = [
        html.paragraph(
            certainty.ranking(tables["accuracy"], CHURN)
            + certainty.calibration(tables["calibration_by_date"])
        ),
        html.picture(figures.get("churn_calibration")),
        html.picture(figures.get("churn_lift")),
        html.picture(figures.get("value_deciles")),
        _accuracy_table(tables["accuracy"]),
        html.bullets([in_words(text) for text in tables["doubts"]["follows"]]),
        html.paragraph(certainty.lines_left_out(tables["checks"])),
    ]
    return html.section("certainty", "How sure this is", parts)


def _accuracy_table(accuracy: pd.DataFrame) -> str:
    if accuracy.empty:
        return ""
    header = ["What is predicted", "Tried on", "Ranks right", "Best rule", "Serves"]
    rows = [
        [
            row.description,
            f"{row.n:,.0f}" if pd.notna(row.n) else "-",
            _points(row.roc_auc),
            _points(row.baseline_roc_auc),
            row.status if pd.notna(row.roc_auc) else row.reason,
        ]
        for row in accuracy.itertuples()
    ]
    return html.table(
        "Every prediction, tried on the past: pairs out of 100 that it ranks right "
        "(a coin: 50), beside the best simple rule",
        header,
        rows,
    )


def _points(value: float) -> str:
    return f"{100 * value:.0f}" if pd.notna(value) else "-"


def _currency(tables: Tables) -> str:
    return str(tables["span"]["currency"].iloc[0])
