"""`customer-analytics build` from end to end, in a project folder of its own."""

import contextlib
import io
import json

import duckdb
import pytest
from conftest import ROOT
from dbt.adapters.duckdb.connections import DuckDBConnectionManager

from customer_analytics.cli import main, target_folder

PROJECT = ("dbt_project.yml", "profiles.yml", "macros", "models", "python_models")
PROJECT += ("seeds", "tests/dbt")
HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n"
ORDERS = HEADER + (
    "1,10001,2,2011-01-05 10:00,1.50,7\n"
    "2,10002,1,2011-02-05 10:00,9.00,7\n"
    "C3,10002,-1,2011-02-06 10:00,9.00,7\n"
    "4,10001,4,2011-02-06 10:00,1.50,8\n"
    "5,POST,1,2011-02-06 11:00,5.00,8\n"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a folder with the project's files, so that target/ is not shared."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "tests").mkdir()
    for name in PROJECT:
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="module")
def first_build(project):
    """Build once from the command line; return the exit code and what it printed."""
    (project / "my orders.csv").write_text(ORDERS)
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.chdir(project)
        patch.delenv("CUSTOMER_ANALYTICS_WAREHOUSE", raising=False)
        # As the README writes it, which YAML reads as a date.
        variables = "{as_of_date: 2011-02-07}"
        code = main(["build", "--transactions", "my orders.csv", "--vars", variables])
    return code, printed.getvalue()


@pytest.fixture(autouse=True)
def _in_project(project, monkeypatch, _in_project_root):
    monkeypatch.chdir(project)


def published_files(project):
    warehouse = project / "warehouse"
    paths = [warehouse / "customer_analytics.duckdb", *warehouse.glob("exports/*")]
    return {path.name: path.read_bytes() for path in paths}


def test_build_prints_its_figures_and_publishes(project, first_build):
    code, printed = first_build
    assert code == 0
    figures = [line.split() for line in printed.splitlines()]
    for expected in (
        ["lines", "read", "5"],
        ["kept", "4"],
        ["not_a_product", "1"],
        ["customers", "2", "0", "with", "more", "than", "one", "order"],
        ["orders", "3", "1", "of", "them", "fully", "returned"],
        ["net", "amount", "9"],
        ["period", "2011-01-05", "to", "2011-02-06"],
        ["published", "warehouse/customer_analytics.duckdb"],
    ):
        assert expected in figures
    assert {
        "customer_analytics.duckdb",
        "customers.parquet",
        "rfm_segments.parquet",
    } < (published_files(project).keys())


def test_refused_input_ends_with_code_1_and_changes_nothing(
    project, first_build, capfd
):
    before = published_files(project)
    (project / "broken.csv").write_text(ORDERS.replace("9.00", "cheap"))
    assert main(["build", "--transactions", "broken.csv"]) == 1
    output = capfd.readouterr()
    assert "unit_price (column 'Price'): 2 values of 5 such as 'cheap'" in output.out
    assert "Nothing was published" in output.err
    assert published_files(project) == before


def test_unwritable_warehouse_is_named(project, first_build, monkeypatch, capfd):
    (project / "file").write_text("kept")
    monkeypatch.setenv("CUSTOMER_ANALYTICS_WAREHOUSE", "file/warehouse")
    assert main(["build", "--transactions", "my orders.csv"]) == 1
    printed = capfd.readouterr().out
    DuckDBConnectionManager.close_all_connections()
    assert "The warehouse folder 'file/warehouse' cannot be written" in printed
    assert "CUSTOMER_ANALYTICS_WAREHOUSE" in printed
    assert (project / "file").read_text() == "kept"


def test_a_failed_build_goes_on_where_it_stopped(project, first_build):
    before = published_files(project)
    more = ORDERS + "6,10002,3,2011-02-06 12:00,9.00,9\n"
    (project / "more.csv").write_text(more)

    def broken(*_):
        raise RuntimeError("out of luck")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("customer_analytics.segments.axes.feature_set_axes", broken)
        assert main(["build", "--transactions", "more.csv"]) == 1
    assert published_files(project) == before
    assert main(["retry"]) == 0
    results = json.loads((target_folder() / "run_results.json").read_text())
    ran = {result["unique_id"].split(".")[-1] for result in results["results"]}
    assert "ml_segment_axes" in ran
    assert "int_orders" not in ran
    with duckdb.connect(
        str(project / "warehouse" / "customer_analytics.duckdb")
    ) as connection:
        ((count,),) = connection.sql("select count(*) from marts.orders").fetchall()
    assert count == 4
