"""The dashboard in a headless Chromium: for its pictures, its tests and its timing.

Needs playwright (a development dependency) and a Chromium that is installed already.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from customer_analytics.dashboard.server import DashboardError, command

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
START_SECONDS = 60
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
CHART = "[data-testid=stVegaLiteChart]"
DRAWN = f"{CHART} canvas, {CHART} svg"


def chromium_path() -> str:
    """Return the path of an installed Chromium.

    Raises
    ------
    DashboardError
        If there is none.
    """
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    raise DashboardError(f"no Chromium found ({', '.join(CHROMIUM_NAMES)})")


@contextlib.contextmanager
def served(warehouse: Path) -> Iterator[str]:
    """Serve the published file of a folder; yields the address, without a slash.

    Raises
    ------
    DashboardError
        If the server does not answer within ``START_SECONDS``.
    """
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    environment = os.environ | {"CUSTOMER_ANALYTICS_WAREHOUSE": str(warehouse)}
    process = subprocess.Popen(
        command(port=port, headless=True),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def browser() -> Iterator[object]:
    """Start a headless Chromium; yields playwright's browser."""
    from playwright.sync_api import sync_playwright

    # Chromium has no sandbox for the superuser, whom containers run as.
    is_superuser = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox"] if is_superuser else [],
        )
        yield chromium
        chromium.close()


def opened(page, url: str, *, has_charts: bool = True) -> None:
    """Open a page of the dashboard; wait until all of it is there."""
    page.goto(url)
    page.wait_for_selector(DRAWN if has_charts else "h2", timeout=START_SECONDS * 1000)
    settled(page)


def settled(page) -> None:
    """Wait until the page has run, and every chart is drawn."""
    page.wait_for_selector(IDLE, timeout=START_SECONDS * 1000)
    page.wait_for_function(
        f"() => [...document.querySelectorAll('{CHART}')]"
        ".every(chart => chart.querySelector('canvas, svg'))",
        timeout=START_SECONDS * 1000,
    )


def _wait_for(url: str) -> None:
    for _ in range(START_SECONDS * 10):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=1).close()
            return
        time.sleep(0.1)
    raise DashboardError(f"the dashboard did not start within {START_SECONDS} s")
