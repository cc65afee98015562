"""Exposures name the published tables that their code reads, all and no others."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CODE = {
    "dashboard": (
        "src/customer_analytics/dashboard/**/*.py",
        "src/customer_analytics/customer_facts.py",
    ),
    "report": ("src/customer_analytics/report/**/*.py",),
    "notebook_customers": ("notebooks/customers.ipynb",),
    "notebook_predictions": ("notebooks/predictions.ipynb",),
}
FOLDERS = {"marts": "models/marts", "evidence": "models/evidence", "reference": "seeds"}


@pytest.fixture(scope="module")
def exposures():
    text = (ROOT / "models/_exposures.yml").read_text()
    return {
        exposure["name"]: exposure for exposure in yaml.safe_load(text)["exposures"]
    }


@pytest.fixture(scope="module")
def published():
    """Return the published tables, with their schemas."""
    return {
        f"{schema}.{path.stem}"
        for schema, folder in FOLDERS.items()
        for path in (ROOT / folder).glob("**/*.[sc][qs][lv]")
    }


def test_everything_that_reads_is_an_exposure(exposures):
    assert exposures.keys() == CODE.keys()


@pytest.mark.parametrize("name", CODE)
def test_exposure_names_what_is_read(name, exposures, published):
    code = " ".join(
        path.read_text() for pattern in CODE[name] for path in ROOT.glob(pattern)
    )
    # Words such as reference.date are no tables.
    read = set(re.findall(r"\b(?:marts|evidence|reference)\.\w+", code)) & published
    assert len(read) > 5
    named = {
        ref.removeprefix("ref('").removesuffix("')")
        for ref in exposures[name]["depends_on"]
    }
    assert named == {table.split(".")[1] for table in read}
