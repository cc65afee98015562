"""Run the notebooks on the published file, and write them as HTML."""

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from customer_analytics.publishing import PUBLISHED_NAME, PublishError

# What a page would load from elsewhere, were it not told otherwise.
SCRIPT_ADDRESSES = (
    *("jquery_url", "jupyter_widgets_base_url", "mathjax_url", "mermaid_js_url"),
    *("mermaid_layout_elk_js_url", "require_js_url", "widget_renderer_url"),
)
# Seconds that a cell may take.
CELL_TIMEOUT = 300


def run_notebook(path: Path, warehouse: Path) -> NotebookNode:
    """Run a notebook from a clean state, in its own folder.

    Parameters
    ----------
    path : Path
        The notebook; it is left as it is.
    warehouse : Path
        Folder of the published file that the notebook reads.

    Returns
    -------
    NotebookNode
        The notebook with its outputs.

    Raises
    ------
    PublishError
        If there is no published file.
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    database = warehouse / PUBLISHED_NAME
    if not database.exists():
        raise PublishError(f"there is no {database}: run make build first")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        # It warns of its local port, which is as open as any notebook's.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    folder = {"CUSTOMER_ANALYTICS_WAREHOUSE": str(warehouse.resolve())}
    return client.execute(env=os.environ | folder)


def write_notebooks(notebooks: Path, warehouse: Path, folder: Path) -> list[Path]:
    """Run every notebook of a folder and write it as an HTML page that loads nothing.

    Parameters
    ----------
    notebooks : Path
        Folder of the notebooks.
    warehouse : Path
        Folder of the published file that they read.
    folder : Path
        Where ``<notebook>.html`` goes.

    Returns
    -------
    list of Path
        The pages, by name.
    """
    # No formulas, diagrams or widgets, so none of the scripts that show them.
    exporter = HTMLExporter(**dict.fromkeys(SCRIPT_ADDRESSES, ""))
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for path in sorted(notebooks.glob("*.ipynb")):
        body, _ = exporter.from_notebook_node(
            run_notebook(path, warehouse), {"metadata": {"name": path.stem}}
        )
        pages.append(folder / f"{path.stem}.html")
        pages[-1].write_text(body, "utf-8")
    return pages
