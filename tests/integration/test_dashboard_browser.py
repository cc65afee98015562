"""The dashboard in a headless Chromium, wide and narrow, light and dark."""

import csv
import os
import shutil

import duckdb
import pytest

from customer_analytics.dashboard import browser as browsing
from customer_analytics.dashboard.server import DashboardError
from customer_analytics.publishing import PUBLISHED_NAME

PAGES = {
    "": "Today",
    "overview": "Overview",
    "customer": "Customer",
    "segments": "Segments",
    "rfm": "RFM",
    "cohorts": "Cohorts",
    "predictions": "Predictions",
    "lifetime_value": "Lifetime value",
    "campaigns": "Campaigns",
    "baskets": "Baskets",
    "recommendations": "Recommendations",
    "products": "Products and stock",
    "data_quality": "Data quality",
}
WITHOUT_CHARTS = ("", "recommendations")
SIZES = {"wide": (1280, 900, "light"), "narrow": (390, 844, "dark")}


@pytest.fixture(scope="module")
def chromium():
    pytest.importorskip("playwright", reason="playwright is not installed")
    try:
        browsing.chromium_path()
    except DashboardError as error:
        pytest.skip(str(error))
    with browsing.browser() as running:
        yield running


@pytest.fixture(scope="module")
def folder(published_sample, tmp_path_factory):
    # Its own copy: one test publishes anew.
    copy = tmp_path_factory.mktemp("served")
    shutil.copy(published_sample / PUBLISHED_NAME, copy)
    return copy


@pytest.fixture(scope="module")
def address(chromium, folder):
    with browsing.served(folder) as url:
        yield url


@pytest.fixture(scope="module", params=SIZES)
def sized_page(chromium, request):
    width, height, scheme = SIZES[request.param]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_whole_and_asks_no_other_host(sized_page, address, path):
    asked = []
    sized_page.on("request", lambda request: asked.append(request.url))
    browsing.opened(
        sized_page, f"{address}/{path}", has_charts=path not in WITHOUT_CHARTS
    )
    assert sized_page.inner_text("h2") == PAGES[path]
    assert "As of 2025-07-01" in sized_page.inner_text(
        "[data-testid=stCaptionContainer]"
    )
    assert sized_page.locator("[data-testid=stException]").count() == 0
    assert sized_page.locator("[data-testid=stAlert]").count() == 0
    overflow = sized_page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth - main.clientWidth }"
    )
    assert overflow <= 0
    local = (address, address.replace("http", "ws", 1), "data:", "blob:")
    assert [url for url in asked if not url.startswith(local)] == []


def row_count(page) -> str:
    return page.get_by_text("the download holds all of them").first.inner_text()


def test_filter_acts_and_what_is_left_is_downloaded(page, address, tmp_path):
    browsing.opened(page, f"{address}/rfm")
    everybody = row_count(page)
    # Not a list that unfolds: it folds up again when the page still draws.
    page.get_by_label("Customer id contains").fill("13")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => !document.body.innerText.includes(before)", arg=everybody
    )
    browsing.settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all rows").click()
    target = tmp_path / "customers.csv"
    download.value.save_as(target)
    assert download.value.suggested_filename == "rfm_customers.csv"
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all("13" in row["customer_id"] for row in rows)
    assert f"{len(rows):,} rows" in row_count(page)


def test_a_customer_in_a_list_leads_to_their_page(page, address):
    browsing.opened(page, f"{address}/campaigns")
    customers = page.locator("[data-testid=stDataFrame]").first
    customers.scroll_into_view_if_needed()
    box = customers.bounding_box()
    # The first row, under the names of the columns; a link is one once it is hovered.
    x, y = box["x"] + 30, box["y"] + 52
    page.mouse.move(x, y)
    page.wait_for_timeout(500)
    with page.context.expect_page() as opened:
        page.mouse.click(x + 1, y)
    theirs = opened.value
    browsing.settled(theirs)
    customer = theirs.get_by_role("textbox", name="Customer id").input_value()
    assert theirs.url == f"{address}/customer?id={customer}"
    # Another one that is typed, twice, is shown and stands in the address.
    for typed in ("13085", "13853"):
        theirs.get_by_role("textbox", name="Customer id").fill(typed)
        theirs.keyboard.press("Enter")
        theirs.wait_for_url(f"{address}/customer?id={typed}")


def test_rules_are_searched(page, address):
    browsing.opened(page, f"{address}/baskets")
    assert page.get_by_text("rules found: with").count() == 1
    page.get_by_label("Product contains").fill("no such product")
    page.keyboard.press("Enter")
    page.get_by_text("No rule fits").wait_for()
    assert page.get_by_text("rules found: with").count() == 0


def test_new_publication_shows_by_itself(page, address, folder):
    browsing.opened(page, f"{address}/overview")
    assert "GBP" in page.inner_text("[data-testid=stMain]")
    published = folder / PUBLISHED_NAME
    unfinished = shutil.copy(published, folder / "unfinished")
    with duckdb.connect(str(unfinished)) as connection:
        connection.execute("update marts.data_span set currency = 'XTS'")
    os.replace(unfinished, published)
    page.get_by_text("XTS").first.wait_for(timeout=30_000)
