"""The report of the published sample: its figures, its charts, what it lacks."""

import base64
import re
from html.parser import HTMLParser

import duckdb
import pytest

from customer_analytics.publishing import (
    PUBLISHED_NAME,
    PublishError,
    expected_tables,
    publish,
)
from customer_analytics.report.writing import write_report

CHARTS = {
    *("sales_by_month", "segments", "rfm_segments", "segment_moves", "retention"),
    *("forecast_by_month", "churn_calibration", "churn_lift", "value_deciles"),
}
BUILD = ("build", "--exclude-resource-types", "test")
PEOPLE = "CustomerID,Gender,Age\n" + "".join(
    f"{number},{'fm'[number % 2]},{20 + number % 50}\n" for number in range(1, 121)
)
AMOUNTS = "Customer,Date,Amount\n" + "".join(
    f"{number % 40},{2020 + number % 3}-0{1 + number % 9}-1{number % 10},{5 + number}\n"
    for number in range(300)
)


class Page(HTMLParser):
    """What a page loads, what its images are called, and the text between."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.images, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.loaded += [
            named[key] for key in ("src", "srcset", "href", "data") if key in named
        ]
        if tag in ("script", "link", "iframe", "object"):
            self.loaded.append(tag)
        if tag == "img":
            self.images.append(named["alt"])

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture(scope="module")
def written(published_sample):
    return write_report(published_sample / PUBLISHED_NAME, published_sample)


@pytest.fixture(scope="module")
def page(written):
    return Page(written[0].read_text("utf-8"))


def report_of(build):
    """Publish a build and return its report as a page, with the charts' names."""
    tables = expected_tables(build.warehouse / "target")
    database = publish(build.warehouse / "build.duckdb", build.warehouse, tables)
    paths = write_report(database, build.warehouse)
    return Page(paths[0].read_text("utf-8")), {path.stem for path in paths[1:]}


def test_page_and_charts_are_written(written, published_sample):
    assert written[0] == published_sample / "report.html"
    assert {path.name for path in written[1:]} == {
        f"{name}.{ending}" for name in CHARTS for ending in ("svg", "png")
    }
    for path in written[1:]:
        start = path.read_bytes()[:8]
        assert start.startswith(b"<svg" if path.suffix == ".svg" else b"\x89PNG")
    # The HTML is small enough to be sent by e-mail.
    assert written[0].stat().st_size < 2_000_000


def test_amounts_of_a_log_without_prices_are_not_made_up(
    published_without_prices, tmp_path
):
    paths = write_report(published_without_prices / PUBLISHED_NAME, tmp_path)
    page = Page(paths[0].read_text("utf-8"))
    assert "The order log says no prices" in page.text
    assert not re.search(r"\bnan\b|GBP 0|None", page.text)
    drawn = {path.stem for path in paths[1:]}
    money = {"sales_by_month", "forecast_by_month", "value_deciles"}
    assert drawn == CHARTS - money


def test_nothing_is_loaded_from_elsewhere(page, written):
    assert page.loaded
    assert all(found.startswith("data:image/svg+xml;base64,") for found in page.loaded)
    for found in page.loaded:
        svg = base64.b64decode(found.split(",", 1)[1]).decode()
        assert not re.search(r"(?:href|src)=[\"']?https?:|url\(\s*[\"']?https?:", svg)
    style = re.search(r"<style>(.*?)</style>", written[0].read_text("utf-8"), re.S)
    assert "url(" not in style.group(1) and "@import" not in style.group(1)


def test_every_chart_is_told_in_words(page):
    assert len(page.images) == len(CHARTS)
    assert all(len(alt) > 40 and alt.endswith(".") for alt in page.images)


def test_figures_are_those_of_the_tables(page, published_sample):
    with duckdb.connect(
        str(published_sample / PUBLISHED_NAME), read_only=True
    ) as connection:
        ((amount, customers),) = connection.execute(
            "select sum(net_amount), count(distinct customer_id) from marts.orders "
            "where customer_id is not null and not is_fully_returned "
            "and ordered_date between '2024-07-01' and '2025-06-30'"
        ).fetchall()
        ((lines, excluded),) = connection.execute(
            "select raw::bigint, excluded::bigint from marts.reconciliation "
            "where check_name = 'lines'"
        ).fetchall()
        ((leavers, active),) = connection.execute(
            "select round(sum(probability))::int, count(*) "
            "from marts.customer_predictions where target = 'churn_90d'"
        ).fetchall()
        ((segment,),) = connection.execute(
            "select segment_name from marts.segment_profiles "
            "where feature_set = 'behaviour' and is_chosen "
            "order by net_amount desc limit 1"
        ).fetchall()
    assert f"GBP {float(amount) / 1e6:.2f} million" in page.text
    assert f"{customers:,}" in page.text
    assert f"{excluded:,} of the {lines:,} lines" in page.text
    assert f"Of the {active:,} active customers, about {leavers:,}" in page.text
    assert f"The group {segment} brings" in page.text
    assert "As of 1 July 2025. Orders from 2 July 2023 to 30 June 2025" in page.text


def test_no_cell_is_missing_or_unformatted(page):
    assert not re.search(r"\b(?:nan|NaN|None|NaT|<NA>|inf)\b", page.text)
    assert not re.search(r"\d\.\d{4,}", page.text)


def test_the_same_file_gives_the_same_report(written, published_sample):
    before = {path: path.read_bytes() for path in written}
    write_report(published_sample / PUBLISHED_NAME, published_sample)
    assert {path: path.read_bytes() for path in written} == before


def test_attributes_alone_say_what_is_left_out(build, tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE)
    built = build("", *BUILD, customer_attributes_path=str(tmp_path / "people.csv"))
    assert built.success, built.message
    page, charts = report_of(built)
    assert charts == set()
    assert "No order log was read" in page.text
    assert "What needs orders is left out" in page.text
    assert "What changes" not in page.text
    assert "Method and limits" in page.text
    assert not re.search(r"\b(?:nan|NaN|None|NaT)\b", page.text)


def test_a_log_without_products_says_so(build, tmp_path):
    (tmp_path / "amounts.csv").write_text(AMOUNTS)
    columns = {"customer_id": "Customer", "invoice_date": "Date", "amount": "Amount"}
    built = build(
        tmp_path / "amounts.csv", *BUILD, currency="USD", transaction_columns=columns
    )
    assert built.success, built.message
    page, charts = report_of(built)
    assert "The order log names no products" in page.text
    assert "sales_by_month" in charts
    assert "USD" in page.text and "GBP" not in page.text
    assert not re.search(r"\b(?:nan|NaN|None|NaT)\b", page.text)


def test_without_a_published_file_the_command_is_named(tmp_path):
    with pytest.raises(PublishError, match="run make build first"):
        write_report(tmp_path / PUBLISHED_NAME, tmp_path)


def test_a_file_of_another_version_is_told(tmp_path):
    with duckdb.connect(str(tmp_path / PUBLISHED_NAME)) as connection:
        connection.execute("create schema marts")
    with pytest.raises(PublishError, match="of another version"):
        write_report(tmp_path / PUBLISHED_NAME, tmp_path)
