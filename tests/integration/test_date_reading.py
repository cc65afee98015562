"""The input check and the staging model read the same dates."""

import duckdb
import pytest

from customer_analytics.input.dates import timestamp_sql

TEXTS = [
    *("2011-12-09", "2011-1-9", "2011-12-09 12:50", "2011-12-09T12:50"),
    *("2011-12-09 12:50:59", "2011-12-09 1:05", "2011-12-09T12:50:00.123456"),
    *("2011-12-09T12:50:00Z", "2011-12-09 12:50:00+01", "2011-12-09T12:50:00+01:00"),
    *("2011-12-09T12:50:00-0530", "2011-12-09 12:50:00 Z", " 2011-12-09 "),
    *("2011-02-29", "2012-02-29", "2011-13-01", "2011-00-10", "2011-12-09 25:00"),
    *("2011-12", "11-12-09", "2011/12/09", "0001-01-01", "9999-12-31", "12011-01-01"),
    *("20111209", "20111301", "2011120", "201112091"),
    *("9/12/2011", "09.12.2011", "9-12-2011", "13/1/2011", "1/13/2011", "31/02/2011"),
    *(
        "9/12/2011 12:50",
        "9/12/2011 12:50:01",
        "9.12.2011  1:05 PM",
        "9/12/2011 1:05pm",
    ),
    *("9/12/2011 01:05:07 am", "9/12/2011 13:05 PM", "9/12/2011 24:00", "9/12/11"),
    *("9/12.2011", "9 12 2011", "infinity", "-infinity", "epoch", "today", "now"),
    *("soon", "0", "40148.3229", "1322000000", "2011-12-09 noon", "Dec 9 2011"),
]


@pytest.mark.parametrize("order", ["day_first", "month_first"])
def test_check_and_staging_read_the_same_dates(build, tmp_path, order):
    rows = [f'{i},A,1,"{text}",1.00,7' for i, text in enumerate(TEXTS)]
    header = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID"
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    variables = {"transactions_date_order": order, "max_unreadable_share": 1.0}
    as_of = {"as_of_date": "2012-12-31"}
    built = build(path, "run", "--select", "stg_transactions", **variables | as_of)
    assert built.success, built.message
    by_staging = built.rows(
        "select raw_invoice_date, ordered_at from staging.stg_transactions "
        "order by raw_invoice::int"
    )
    by_check = duckdb.execute(
        f"select text, {timestamp_sql('trim(text)', order)} from ("
        "select unnest(?) as text)",
        [TEXTS],
    ).fetchall()
    assert len(by_check) == len(TEXTS)
    assert by_staging == by_check
    read = [text for text, moment in by_check if moment is not None]
    assert len(read) == 27
