"""Take the README's pictures of the dashboard, from whatever is published.

Run by `make pictures` after `make build`; needs a Chromium.
"""

import sys
from pathlib import Path

from customer_analytics.cli import warehouse_folder
from customer_analytics.dashboard.browser import browser, opened, served
from customer_analytics.dashboard.server import DashboardError
from customer_analytics.publishing import PUBLISHED_NAME

FOLDER = Path(__file__).parent
# Page, colour scheme, and the heading that the picture starts at, if not the first.
PICTURES = {
    "today": ("", "light", None),
    "customer": ("customer", "light", None),
    "segments": ("segments", "light", None),
    "cohorts": ("cohorts", "dark", "Who comes back, by cohort"),
    "baskets": ("baskets", "light", "The network of products"),
}
WIDTH, HEIGHT = 1280, 860


def take() -> None:
    """Write a PNG per picture."""
    if not (warehouse_folder() / PUBLISHED_NAME).exists():
        raise DashboardError("there is nothing published: run make build first")
    with served(warehouse_folder()) as address, browser() as chromium:
        for name, (path, scheme, heading) in PICTURES.items():
            context = chromium.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme
            )
            page = context.new_page()
            opened(page, f"{address}/{path}", has_charts=path != "")
            if heading:
                page.get_by_role("heading", name=heading).evaluate(
                    "heading => heading.scrollIntoView()"
                )
            # The sidebar's and the charts' transitions.
            page.wait_for_timeout(1000)
            target = FOLDER / f"{name}.png"
            page.screenshot(path=target)
            context.close()
            print(f"written {target}")


if __name__ == "__main__":
    try:
        take()
    except DashboardError as error:
        sys.exit(f"error: {error}")
