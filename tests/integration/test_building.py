"""Orders from a data frame or a table of Arrow, and the tables that come back."""

import duckdb
import pyarrow
import pytest
from conftest import ROOT

import customer_analytics
from customer_analytics.building import BuildError

COLUMNS = 'Invoice, StockCode, Quantity, InvoiceDate, Price, "Customer ID"'


@pytest.fixture(scope="module")
def orders():
    """Return the lines of some customers as a data frame."""
    return duckdb.sql(
        f"select {COLUMNS} from '{ROOT}/data/transactions.parquet' "
        'where hash("Customer ID") % 20 = 1 order by all'
    ).df()


@pytest.fixture(scope="module")
def tables(orders, tmp_path_factory):
    """Return what a build of a data frame gives."""
    folder = tmp_path_factory.mktemp("from_frame")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_TARGET_PATH", str(folder / "target"))
        return customer_analytics.build(
            *(orders,),
            **{"warehouse": folder, "currency": "EUR"},
            **{"predictions": False, "lifetime_value": False},
        )


def test_a_data_frame_becomes_the_published_tables(orders, tables):
    lines, excluded = tables["order_lines"], tables["excluded_lines"]
    assert len(lines) + len(excluded) == len(orders)
    known = lines["customer_id"].dropna().unique()
    assert set(tables["customers"]["customer_id"]) == set(known)
    assert {"customers", "customer_rfm", "customer_segments"} <= set(tables)
    assert len(tables) == len(list(tables))
    assert "classifier_metrics" not in tables


def test_all_that_is_wrong_is_raised(orders, tables, monkeypatch):
    monkeypatch.setenv("DBT_TARGET_PATH", str(tables.path.parent / "target"))
    before = tables.path.read_bytes()
    arrow = pyarrow.Table.from_pandas(orders.drop(columns="InvoiceDate"))
    with pytest.raises(BuildError, match="no column for invoice_date"):
        customer_analytics.build(arrow, warehouse=tables.path.parent)
    assert tables.path.read_bytes() == before
