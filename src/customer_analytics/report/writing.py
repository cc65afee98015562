"""Write the report and its charts from a published file."""

import os
from pathlib import Path

from customer_analytics.report.figures import figures
from customer_analytics.report.page import report_page
from customer_analytics.report.tables import read_tables

PAGE_NAME, CHARTS_NAME = "report.html", "report"


def write_report(database: Path, folder: Path) -> list[Path]:
    """Write the report as one HTML page, and each of its charts as SVG and PNG.

    Parameters
    ----------
    database : Path
        A published file; opened read-only.
    folder : Path
        Where ``report.html`` and ``report/<chart>.svg`` and ``.png`` go. Charts of an
        earlier report that there is no data for now are removed.

    Returns
    -------
    list of Path
        The page first, then the charts.

    Raises
    ------
    PublishError
        If there is no published file, or it lacks a table.
    """
    tables = read_tables(database)
    drawn = figures(tables)
    charts = folder / CHARTS_NAME
    charts.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in drawn.items():
        for ending, content in (("svg", figure.svg().encode()), ("png", figure.png())):
            written.append(charts / f"{name}.{ending}")
            written[-1].write_bytes(content)
    for stale in {*charts.glob("*.svg"), *charts.glob("*.png")} - set(written):
        stale.unlink()
    # In one step, so that a browser never shows half a page.
    unfinished = folder / f"{PAGE_NAME}.unfinished"
    unfinished.write_text(report_page(tables, drawn), "utf-8")
    os.replace(unfinished, folder / PAGE_NAME)
    return [folder / PAGE_NAME, *written]
