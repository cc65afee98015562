"""The notebooks run from a clean state on the published sample."""

import re
from html import unescape

import duckdb
import nbformat
import pytest
from conftest import ROOT

from customer_analytics.notebooks import run_notebook, write_notebooks
from customer_analytics.publishing import PublishError

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def pages(published_sample, tmp_path_factory):
    """Return the notebooks, run and written as HTML, by name."""
    folder = tmp_path_factory.mktemp("notebooks")
    paths = write_notebooks(ROOT / "notebooks", published_sample, folder)
    return {path.stem: path.read_text("utf-8") for path in paths}


@pytest.fixture(scope="module")
def printed(pages):
    """Return the lines of the notebook about predictions."""
    return unescape(re.sub(r"<[^>]+>", "", pages["predictions"]))


def figure(printed, label):
    return float(re.search(rf"^{re.escape(label)}: ([0-9.]+)$", printed, re.M).group(1))


def test_there_are_two():
    assert [path.stem for path in NOTEBOOKS] == ["customers", "predictions"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_without_outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_the_total_among_the_features_explains_nearly_everything(printed):
    assert figure(printed, "R² with the total among the features") > 0.98
    label = "R² with one column of today among features of then"
    assert figure(printed, label) > 0.999


def test_without_the_total_far_less_remains(printed):
    assert 0.3 < figure(printed, "R² of the next 90 days, from the past only") < 0.75


def test_recency_among_the_features_tells_churn_as_of_today_apart(printed):
    assert figure(printed, "ROC-AUC with recency among the features") == 1.0
    assert "recency_days <= 9" in printed


def test_without_it_a_better_rule_than_recency_remains(printed):
    honest = figure(printed, "ROC-AUC of churn after the date")
    assert figure(printed, "by days since the last order alone") < honest < 0.85


@pytest.mark.parametrize("name", ["customers", "predictions"])
def test_pages_hold_the_charts_and_load_nothing(pages, name):
    page = pages[name]
    assert page.count("data:image/svg+xml") >= 4
    assert "Traceback" not in page
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?https?:", page)
    assert not re.search(r"import\(?\s*[\"']https?:|cdnjs|unpkg|jsdelivr", page)


def test_names_are_those_of_the_segments(pages, published_sample):
    path = published_sample / "customer_analytics.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "select distinct segment_name from marts.customer_segments "
            "where feature_set = 'behaviour' and is_chosen"
        ).fetchall()
    assert len(names) > 2
    assert all(name in pages["customers"] for (name,) in names)


def test_without_a_published_file_the_command_is_named(tmp_path):
    with pytest.raises(PublishError, match="run make build first"):
        run_notebook(NOTEBOOKS[0], tmp_path)
