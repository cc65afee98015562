"""Small logs of other shops, each of which was misread or refused once."""

import csv
import datetime as dt
from pathlib import Path

import duckdb
import pytest

CORE = ("build", "--indirect-selection", "cautious", "--select", "+tag:core")
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID"


def write(path: Path, *lines: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def built(build, path, *more, **variables):
    done = build(path, *CORE, *more, customer_attributes_path="", **variables)
    assert done.success, done.message
    return done


@pytest.mark.parametrize("prefix", ["C", "c", ""])
def test_order_numbers_may_begin_like_credit_notes(build, tmp_path, prefix):
    lines = [
        f"C{1000 + i},P{i % 3},CUP,2,2024-01-{i + 1:02} 10:00:00,3.5,{i % 4 + 1}"
        for i in range(12)
    ]
    lines.append("C1012,P0,CUP,-2,2024-01-20 10:00:00,3.5,1")
    done = built(build, write(tmp_path / "a.csv", *lines), cancellation_prefix=prefix)
    assert done.rows(
        "select count(*), sum(gross_amount)::double, sum(returned_amount)::double, "
        "count(*) filter (where is_fully_returned) from marts.orders"
    ) == [(12, 84.0, 7.0, 1)]
    assert done.rows("select count(*) from marts.excluded_lines") == [(0,)]


def test_a_cafe_may_call_its_products_by_letters(build, tmp_path):
    lines = [
        f"{i},{letter},CAKE {letter},1,2024-01-05 10:00,2.50,7"
        for i, letter in enumerate("ABDMSE")
    ]
    done = built(build, write(tmp_path / "a.csv", *lines))
    assert done.rows(
        "select string_agg(product_id order by 1) from marts.products"
    ) == [("A,B,D,E,M,S",)]


def test_what_stands_on_the_first_line_of_an_order_holds_for_all(build, tmp_path):
    header = HEADER + ",Country"
    lines = []
    for invoice, customer in (("100", 7), ("101", 8), ("102", 7)):
        for number in range(3):
            rest = f"{customer},France" if number == 0 else ","
            day = int(invoice) - 99
            lines.append(f"{invoice},P{number},CUP,1,2024-01-0{day} 10:00,2.0,{rest}")
    done = built(build, write(tmp_path / "a.csv", *lines, header=header))
    assert done.rows(
        "select order_id, customer_id, line_count, country from marts.orders order by 1"
    ) == [
        ("100", "7", 3, "France"),
        ("101", "8", 3, "France"),
        ("102", "7", 3, "France"),
    ]


def test_tickets_that_begin_anew_each_day_are_different_orders(build, tmp_path):
    lines = [
        f"{ticket},P{item},CUP,1,2024-01-0{day} 1{ticket}:00:00,2.0,"
        for day in (1, 2, 3)
        for ticket in (1, 2)
        for item in (1, 2)
    ]
    done = built(build, write(tmp_path / "a.csv", *lines))
    assert done.rows(
        "select order_id, line_count, ordered_at::varchar from marts.orders order by 3"
    ) == [
        ("1", 2, "2024-01-01 11:00:00"),
        ("2", 2, "2024-01-01 12:00:00"),
        ("1/2024-01-02", 2, "2024-01-02 11:00:00"),
        ("2/2024-01-02", 2, "2024-01-02 12:00:00"),
        ("1/2024-01-03", 2, "2024-01-03 11:00:00"),
        ("2/2024-01-03", 2, "2024-01-03 12:00:00"),
    ]


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("", ["2024-02-29 21:30:00", "2024-03-01 22:30:00"]),
        ("Australia/Sydney", ["2024-03-01 08:30:00", "2024-03-02 09:30:00"]),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_times_with_a_zone_are_the_shops(build, tmp_path, zone, days, kind):
    path = tmp_path / f"a.{kind}"
    duckdb.execute(
        f"""
        copy (
            select unnest(['1', '2']) as InvoiceNo, 'P1' as StockCode, 1 as Quantity,
            unnest(['2024-03-01 08:30+11', '2024-03-02 09:30+11'])
            {"::timestamptz" if kind == "parquet" else ""} as InvoiceDate,
            2.0::double as UnitPrice, unnest([7, 8]) as CustomerID
        ) to '{path}'"""
    )
    done = built(build, path, time_zone=zone)
    assert done.rows("select ordered_at::varchar from marts.orders order by 1") == [
        (day,) for day in days
    ]
    assert done.rows("select count(*) from raw.input_notes") == [(0 if zone else 1,)]


def test_attributes_of_other_ids_are_refused(build, tmp_path):
    orders = [f"{i},A,CUP,1,2024-01-05 10:00,2.50,{20000 + i}" for i in range(5)]
    people = [f"00{20000 + i},30" for i in range(5)]
    write(tmp_path / "people.csv", *people, header="CustomerID,Age")
    done = build(
        write(tmp_path / "a.csv", *orders),
        *CORE,
        customer_attributes_path=str(tmp_path / "people.csv"),
    )
    assert not done.success
    assert "none of the 5 customers with orders is among the 5" in done.message
    assert (
        "orders have '20000', '20001', attributes '0020000', '0020001'" in done.message
    )


def test_attributes_are_those_that_were_valid_then(build, tmp_path):
    """An attribute that changed in February is another one at the first order."""
    days = ("01-05", "02-20", "03-20")
    lines = [f"{i},A,CUP,1,2024-{day} 10:00,2.50,7" for i, day in enumerate(days)]
    people = ["7,2024-01-01,1", "7,2024-02-10,2", "7,2024-03-21,3"]
    write(tmp_path / "people.csv", *people, header="CustomerID,valid_from,level")
    done = build(
        write(tmp_path / "a.csv", *lines),
        *("build", "--exclude-resource-types", "test", "--select"),
        *("+customer_attributes", "+data_span", "+int_segment_vectors"),
        customer_attributes_path=str(tmp_path / "people.csv"),
        segment_feature_sets={"both": ["order_count", "attribute.level"]},
        segment_feature_scaling="none",
    )
    assert done.success, done.message
    # As of 21 March nothing of that day is known.
    assert done.rows("select value_number from marts.customer_attributes") == [(2,)]
    assert done.rows("select has_dated_attributes from marts.data_span") == [(True,)]
    assert done.rows(
        "select snapshot_date::text, vector from intermediate.int_segment_vectors "
        "order by 1"
    ) == [
        ("2024-02-01", [1, 1]),
        ("2024-03-01", [2, 2]),
        ("2024-03-21", [3, 2]),
    ]


def test_ids_that_mean_nobody_are_guests(build, tmp_path):
    ids = ["7", "0", "-1", "guest", "N/A", "\\N", "undefined", "nan", "\u200b7"]
    lines = [f"{i},A,CUP,1,2024-01-05 10:00,2.50,{c}" for i, c in enumerate(ids)]
    done = built(build, write(tmp_path / "a.csv", *lines))
    assert done.rows(
        "select count(*), count(customer_id), min(customer_id), max(customer_id) "
        "from marts.orders"
    ) == [(9, 2, "7", "7")]


def test_a_till_without_customers_has_sales_and_products(build, tmp_path):
    lines = [f"{i},A,2,2024-01-0{i + 1} 10:00,2.50,North" for i in range(5)]
    path = write(tmp_path / "a.csv", *lines, header="receipt,item,qty,date,price,store")
    done = built(build, path, "+customer_rfm", "+customer_lifetime_value")
    assert done.rows(
        "select count(*), sum(gross_amount)::double from marts.orders"
    ) == [(5, 25.0)]
    assert done.rows("select count(*) from marts.customer_rfm") == [(0,)]
    assert done.rows("select count(*) from marts.customer_lifetime_value") == [(0,)]
    ((note,),) = done.rows("select note from raw.input_notes")
    assert "tables of customers are empty" in note


def test_baskets_without_prices_are_orders_of_products(build, tmp_path):
    lines = [
        f"{m},0{d}-03-2015,{item}" for m in (1, 2) for d in (1, 2) for item in "xy"
    ]
    header = "Member_number,Date,itemDescription"
    path = write(tmp_path / "a.csv", *lines, header=header)
    variables = {"transactions_date_order": "day_first"}
    selected = ("+int_basket_items", "+customer_lifetime_value")
    done = built(build, path, *selected, **variables)
    assert done.rows(
        "select count(*), sum(line_count)::int, sum(gross_amount)::double, "
        "bool_or(is_fully_returned) from marts.orders"
    ) == [(4, 8, 0.0, False)]
    assert done.rows("select count(*) from intermediate.int_basket_items") == [(8,)]
    assert done.rows(
        "select distinct predicted_amount_90d, predicted_amount_365d, value_tier "
        "from marts.customer_lifetime_value"
    ) == [(None, None, "rest")]


def test_customers_who_are_all_alike_are_told_nothing_of(build, tmp_path):
    with (tmp_path / "a.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for i in range(60):
            moment = dt.datetime(2024, 5, 6, 10)
            writer.writerow([f"A{i}", "P1", "CUP", 2, moment, 3.5, 40000 + i])
    done = built(build, tmp_path / "a.csv", "+customer_rfm", "+customer_lifetime_value")
    assert done.rows(
        "select distinct rfm_score, rfm_segment from marts.customer_rfm"
    ) == [("333", "All alike")]
    assert done.rows(
        "select distinct predicted_amount_90d, expected_orders_90d, value_tier "
        "from marts.customer_lifetime_value"
    ) == [(None, None, "rest")]


def test_customers_of_one_taste_have_no_axes_of_taste(build, tmp_path):
    lines = [
        f"{c}-{o},P{p},CUP,1,2024-0{o + 1}-01 10:00,2.0,{100 + c}"
        for c in range(60)
        for o in range(2)
        for p in range(4)
    ]
    done = built(
        build,
        write(tmp_path / "a.csv", *lines),
        "+customer_projection",
        "+projection_loadings",
    )
    assert done.rows(
        "select distinct explained_variance from marts.projection_loadings "
        "where scheme = 'product_svd'"
    ) == [(0.0,)]


def test_discounts_and_costs_of_the_log_are_used(build, tmp_path):
    header = "order id,sku,qty,order date,unit price,discount,unit cost,customer id"
    lines = [
        "1,A,2,2024-01-05 10:00,10,10%,4,7",
        "1,B,1,2024-01-05 10:00,5,,3,7",
        "2,A,1,2024-02-05 10:00,10,0,4,8",
        "3,A,-1,2024-02-06 10:00,10,0,4,8",
    ]
    path = write(tmp_path / "a.csv", *lines, header=header)
    done = built(build, path, "+int_customers")
    assert done.rows(
        "select order_id, net_amount::double, cost_amount::double, "
        "margin_amount::double from marts.orders order by 1"
    ) == [("1", 25.0, 11.0, 14.0), ("2", 0.0, 4.0, 0.0)]
    assert done.rows(
        "select order_id, usual_price_line_count, discounted_line_count "
        "from intermediate.int_orders order by 1"
    ) == [("1", 2, 1), ("2", 1, 0)]
    assert done.rows(
        "select customer_id, margin_amount::double from intermediate.int_customers "
        "order by 1"
    ) == [("7", 14.0), ("8", 0.0)]
