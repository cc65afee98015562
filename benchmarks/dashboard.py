"""The dashboard's pages: seconds from the click until every chart is drawn."""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.builds import SAMPLE, online_retail_path, run_build
from benchmarks.report import print_table, show_seconds
from customer_analytics.dashboard.browser import browser, opened, served, settled
from customer_analytics.publishing import expected_tables, publish

WIDTHS = (1280, 390)
LINK = "[data-testid=stSidebarNavLink]"


def run(*, quick: bool) -> None:
    path, name = (SAMPLE, "the bundled sample") if quick else online_retail_path()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        run_build(path, folder)
        warehouse, tables = folder / "warehouse", expected_tables(folder / "target")
        publish(warehouse / "build.duckdb", warehouse, tables)
        visit(warehouse, name)


def visit(folder: Path, name: str) -> None:
    """Print the times of every page of a published file, new and seen before."""
    with browser() as chromium:
        for width in WIDTHS:
            # A server of its own each: one that has answered before answers faster.
            with served(folder) as address:
                page = chromium.new_page(viewport={"width": width, "height": 900})
                started = time.perf_counter()
                opened(page, f"{address}/", has_charts=False)
                start = time.perf_counter() - started
                titles = page.locator(f"{LINK} p").all_text_contents()
                # The first page is open already, and was part of the start.
                first = [start, *_tour(page, titles[1:])]
                again = _tour(page, titles)
                print_table(
                    f"{name}, {width} pixels wide (first row: start of the server)",
                    ["page", "first visit", "again"],
                    [
                        [title, show_seconds(new), show_seconds(seen)]
                        for title, new, seen in zip(titles, first, again, strict=True)
                    ],
                )
                page.close()


def _tour(page, titles: list[str]) -> list[float]:
    """Return the seconds of each page, gone to by its link."""
    seconds = []
    for title in titles:
        started = time.perf_counter()
        # By script: on a narrow page the links are folded away.
        page.locator(LINK, has_text=title).first.evaluate("link => link.click()")
        page.wait_for_function(
            "title => document.querySelector('h2')?.innerText.trim() === title",
            arg=title,
        )
        settled(page)
        seconds.append(time.perf_counter() - started)
    return seconds


if __name__ == "__main__":
    visit(Path(os.environ["CUSTOMER_ANALYTICS_WAREHOUSE"]), "the published file")
