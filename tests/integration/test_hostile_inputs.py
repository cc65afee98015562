"""Inputs that must be refused with a clear message, and inputs that must build."""

import datetime as dt
import gzip
import shutil

import duckdb
import pytest
from conftest import run_dbt

from customer_analytics.publishing import expected_tables, publish

BUILD = ("build",)

HEADER = (
    "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
)
GOOD = HEADER + (
    "1,10001,CUP,2,2011-01-05 10:00,1.50,7,France\n"
    "2,10002,JUG,1,2011-02-05 10:00,9.00,7,France\n"
    "3,10001,CUP,4,2011-02-06 10:00,1.50,8,Spain\n"
)


def line(
    invoice="1",
    code="10001",
    description="CUP",
    quantity="2",
    date="2011-01-05 10:00",
    price="1.50",
    customer="7",
    country="France",
):
    values = (invoice, code, description, quantity, date, price, customer, country)
    quoted = ('"' + str(value).replace('"', '""') + '"' for value in values)
    return ",".join(quoted) + "\n"


def log(*lines):
    return HEADER + "".join(lines)


def published_files(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in [folder / "customer_analytics.duckdb", *folder.glob("exports/*")]
    }


def stored_rows(build):
    tables = build.tables("raw") + build.tables("intermediate") + build.tables()
    # What was wrong with the last input, and how it was to be read.
    told = {"raw.input_findings", "raw.input_settings"}
    # Opening the file for each of them takes longer than reading them.
    with duckdb.connect(str(build.warehouse / "build.duckdb")) as connection:
        return {
            table: connection.execute(f"from {table} order by all").fetchall()
            for table in tables
            if table not in told
        }


def assert_reconciled(build):
    assert build.success, build.message
    assert build.rows("from marts.reconciliation where difference <> 0") == []


def excluded(build):
    return dict(
        build.rows(
            "select exclusion_reason, count(*) from marts.excluded_lines group by all"
        )
    )


# --- Refused: one warehouse with a good, published build, and one path, so that the
# variables stay the same and dbt need not parse the project again.


@pytest.fixture(scope="module")
def good(shared_build, tmp_path_factory):
    orders = tmp_path_factory.mktemp("refused") / "orders.csv"
    orders.write_text(GOOD)
    build = shared_build(*BUILD, transactions_path=str(orders))
    assert_reconciled(build)
    publish(
        build.warehouse / "build.duckdb",
        build.warehouse,
        expected_tables(build.warehouse / "target"),
    )
    return build, orders, stored_rows(build), published_files(build.warehouse)


def rebuild(good, content, **variables):
    """Build other content in the good build's place; return the message."""
    build, orders, rows, files = good
    if content is None:
        orders.unlink(missing_ok=True)
    else:
        data = content if isinstance(content, bytes) else content.encode()
        orders.write_bytes(data)
    settings = {"transactions_path": str(orders)} | variables
    again = run_dbt(build.warehouse, settings, *BUILD)
    assert not again.success
    assert stored_rows(again) == rows
    assert published_files(build.warehouse) == files
    return again.message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(None, ["no file matches", "orders.csv"], id="missing_file"),
        pytest.param("", ["is empty (0 bytes)"], id="empty_file"),
        pytest.param(HEADER, ["a header but no rows"], id="header_only"),
        pytest.param(
            log(line(quantity="-1"), line(price="0"), line(date="1900-01-01")),
            [
                "none of the 3 lines is a valid order line",
                "1 are before earliest_order_date 1990-01-01",
                "1 have no quantity above 0",
                "1 have no unit_price above 0",
            ],
            id="no_valid_line",
        ),
        pytest.param(
            GOOD.replace("InvoiceDate", "When").replace("Quantity", "Units sold x"),
            [
                "no column for invoice_date, quantity",
                "'When'",
                "'Units sold x'",
                "{transaction_columns: {invoice_date: <header>, quantity: <header>}}",
            ],
            id="missing_columns",
        ),
        pytest.param(
            log(line(quantity="two", price="cheap")),
            [
                "quantity (column 'Quantity'): 1 value of 1 such as 'two'",
                "unit_price (column 'Price'): 1 value of 1 such as 'cheap'",
                "max_unreadable_share (now 0.01)",
            ],
            id="wrong_types",
        ),
        pytest.param(
            GOOD.replace("Description", "Quantity"),
            ["2 columns could be quantity: 'Quantity', 'Quantity'"],
            id="duplicate_headers",
        ),
        pytest.param(
            GOOD.replace("Description", "UnitPrice"),
            ["2 columns could be unit_price: 'UnitPrice', 'Price'"],
            id="two_spellings_of_one_header",
        ),
        pytest.param(
            log(line(date="01/02/2011"), line(date="3/4/2011")),
            ["2 dates such as '01/02/2011'", "{transactions_date_order: day_first}"],
            id="ambiguous_dates",
        ),
        pytest.param(
            log(line(date="13/1/2011"), line(date="1/14/2011")),
            ["'13/1/2011' can only be day first", "'1/14/2011' only month first"],
            id="both_date_orders",
        ),
        pytest.param(
            log(
                line(price="3"), line(price="1,234"), line(quantity="1,000", price="2")
            ),
            ["quantity: 2 values such as '1,000'", "transactions_decimal_mark: point"],
            id="numbers_that_could_be_two",
        ),
        pytest.param(
            log(line(description="CAFÉ")).encode("latin-1"),
            ["is not encoded in utf-8", "{transactions_encoding: cp1252}"],
            id="latin_1_without_the_setting",
        ),
        pytest.param(
            log(*[line(invoice=str(i)) for i in range(120)], line(date="2099-01-01")),
            [
                "the newest date, 2099-01-01 00:00",
                "1 line after that",
                "{as_of_date: 2011-01-06}",
            ],
            id="one_date_in_2099",
        ),
        pytest.param(
            log(line(), line(invoice="2", quantity="", date="")),
            ["1 line of 2 cannot be used: 1 have no readable date; 1 have no quantity"],
            id="blank_where_something_is_needed",
        ),
        pytest.param(
            log(line(quantity="two", price="x", date="soon")),
            ["quantity (", "'two'", "unit_price (", "'x'", "invoice_date (", "'soon'"],
            id="several_problems_at_once",
        ),
    ],
)
def test_refused_with_the_value_and_what_fixes_it(good, content, told):
    message = rebuild(good, content)
    assert "The input cannot be used." in message
    for part in told:
        assert part in message


def test_problems_of_settings_and_files_are_told_at_once(good):
    message = rebuild(good, None, as_of_date="today", transactions_encoding="ebcdics")
    assert "3 problems" in message
    for part in ("as_of_date: 'today'", "encoding: 'ebcdics'", "no file matches"):
        assert part in message


# --- Built: many hostile values in one file, in a path that needs quoting.

LONG_ID = "L" * 200
INJECTION = "'; drop table orders; --"
UNICODE = 'Zoë "Ω" 🛒\nline two, with comma'
HOSTILE = [
    # Two invoices in the same second of one customer.
    line("A1", "10001", date="2011-01-05 10:00:00", customer="13085.0"),
    line("A2", "10002", date="2011-01-05 10:00:00", customer="13085"),
    # One invoice number of two customers and a guest.
    line("S1", "10001", date="2011-01-06 09:00", customer="21"),
    line("S1", "10001", date="2011-01-06 09:00", customer="22"),
    line("S1", "10001", date="2011-01-06 09:00", customer=""),
    # Text that is made to break things.
    line("B1", "10003", INJECTION, customer="31", country="'; drop table orders; --"),
    line("Ü1 \n\"'", "Ä10", UNICODE, customer="Ö\"\n'", country='Ελλάδα "\n'),
    line(LONG_ID, LONG_ID, LONG_ID, customer=LONG_ID, country=LONG_ID),
    # Not readable; a huge count at a small price is kept.
    line("D1", date="1900-01-01", customer="41"),
    line("Q2", quantity="1000000", price="0.001", customer="51"),
    line("Z1", quantity="-0", customer="61"),
    line("Z2", quantity="-0.0", customer="61"),
    line("E1", quantity="-3", price="0", customer="61"),
]


@pytest.fixture(scope="module")
def hostile(shared_build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / 'it\'s [a] "path" é'
    folder.mkdir()
    with gzip.open(folder / "orders.csv.gz", "wt", encoding="utf-8", newline="") as out:
        out.write(log(*HOSTILE))
    path = str(folder / "orders.csv.gz")
    build = shared_build(*BUILD, transactions_path=path)
    assert_reconciled(build)
    return build


def test_hostile_lines_are_kept_or_excluded(hostile):
    assert excluded(hostile) == {"unreadable": 1, "stock_write_off": 3}
    assert hostile.rows("select count(*) from marts.order_lines") == [(9,)]


def test_1900_makes_no_snapshots(hostile):
    assert hostile.rows(
        "select min(snapshot_date)::varchar from intermediate.int_snapshot_dates"
    ) == [("2011-01-07",)]


def test_orders_in_the_same_second_are_numbered_by_id(hostile):
    assert hostile.rows(
        "select order_id, order_number, is_first_order, days_since_previous_order "
        "from marts.orders where customer_id = '13085' order by order_id"
    ) == [("A1", 1, True, None), ("A2", 2, False, 0)]


def test_shared_invoice_number_is_one_order_per_customer(hostile):
    assert hostile.rows(
        "select order_id, customer_id, net_amount::double from marts.orders "
        "where order_id like 'S1%' order by order_id"
    ) == [("S1/21", "21", 3.0), ("S1/22", "22", 3.0), ("S1/guest", None, 3.0)]


@pytest.mark.parametrize(
    ("customer", "product", "description"),
    [
        ("31", "10003", INJECTION.upper()),
        ("Ö\"\n'", "Ä10", UNICODE.upper()),
        (LONG_ID, LONG_ID, LONG_ID),
    ],
    ids=["sql", "unicode", "200_characters"],
)
def test_hostile_text_comes_out_as_it_went_in(hostile, customer, product, description):
    ((found,),) = hostile.rows(
        "select (lines.customer_id, lines.product_id, products.description) "
        "from marts.order_lines as lines inner join marts.products using (product_id) "
        f"where lines.product_id = '{product}'"
    )
    assert found == (customer, product, description)


def test_huge_quantity_is_kept_where_its_amount_is_money(hostile):
    assert hostile.rows(
        "select order_id, quantity::double, line_amount::double "
        "from marts.order_lines where customer_id = '51'"
    ) == [("Q2", 1e6, 1000.0)]


# --- Built: small files, each with one thing that is odd about all of it.


@pytest.mark.parametrize(
    ("lines", "orders", "customers", "reasons"),
    [
        pytest.param([line()], 1, 1, {}, id="one_row"),
        pytest.param(
            [line(str(i), date=f"2011-0{i}-05") for i in range(1, 6)],
            *(5, 1, {}),
            id="one_customer",
        ),
        pytest.param(
            [line(str(i), customer="") for i in range(50)] + [line("A")],
            *(51, 1, {}),
            id="mostly_guests",
        ),
        pytest.param(
            [line(customer=""), line(invoice="2", customer=" ")],
            *(2, 0, {}),
            id="guests_only",
        ),
        pytest.param(
            [line("1", "POST"), line("2", "m"), line("C3", "D", quantity="-1"), line()],
            *(1, 1, {"not_a_product": 3}),
            id="hardly_a_product",
        ),
        pytest.param(
            [line(str(i)) for i in range(99)]
            + [line("A", quantity="1000000000000", price="2")],
            *(99, 1, {"unreadable": 1}),
            id="amount_beyond_a_trillion",
        ),
        pytest.param(
            [line(), line("C2", quantity="-1", date="2011-01-07 10:00")],
            *(1, 1, {}),
            id="return_after_the_last_sale",
        ),
    ],
)
def test_small_logs_build(build, tmp_path, lines, orders, customers, reasons):
    (tmp_path / "orders.csv").write_text(log(*lines))
    built = build(tmp_path / "orders.csv", *BUILD)
    assert_reconciled(built)
    assert built.rows("select count(*) from marts.orders") == [(orders,)]
    assert built.rows("select count(*) from marts.customers") == [(customers,)]
    assert built.rows("select count(*) from marts.customer_rfm") == [(customers,)]
    assert excluded(built) == reasons


@pytest.fixture(scope="module")
def amount_log(shared_build, tmp_path_factory):
    path = tmp_path_factory.mktemp("amounts") / "orders.csv"
    path.write_text(
        "Customer ID,InvoiceDate,Amount\n"
        "1,2011-01-05 09:00,10.00\n"
        "1,2011-01-05 17:00,5.00\n"
        "1,2011-01-09,20.00\n"
        "1,2011-01-20,-20.00\n"
        "2,2011-02-01,30.00\n"
        "2,2011-02-02,0\n"
        "2,2011-02-03,-12.50\n"
        "3,2011-02-04,-5.00\n"
        ",2011-02-05,7.00\n"
    )
    build = shared_build(*BUILD, transactions_path=str(path))
    assert_reconciled(build)
    return build


def test_amount_log_makes_one_order_of_a_customers_day(amount_log):
    assert amount_log.rows(
        "select customer_id, ordered_date::varchar, gross_amount::double, "
        "returned_amount::double, is_fully_returned, order_number "
        "from marts.orders order by customer_id nulls last, ordered_date"
    ) == [
        ("1", "2011-01-05", 15.0, 0.0, False, 1),
        ("1", "2011-01-09", 20.0, 20.0, True, None),
        ("2", "2011-02-01", 30.0, 12.5, False, 1),
        (None, "2011-02-05", 7.0, 0.0, False, None),
    ]


def test_amount_log_leaves_out_zero_amounts(amount_log):
    assert excluded(amount_log) == {"no_or_negative_price": 1}


def test_amount_log_has_customers_but_no_products(amount_log):
    assert amount_log.rows("select count(*) from marts.products") == [(0,)]
    assert amount_log.rows(
        "select customer_id, order_count, net_amount::double "
        "from marts.customer_rfm order by customer_id"
    ) == [("1", 1, 15.0), ("2", 1, 17.5)]


def test_ten_thousand_orders_of_one_customer_build(build, tmp_path):
    first = dt.datetime(2011, 1, 1)
    lines = [
        line(str(i), date=first + i * dt.timedelta(minutes=50)) for i in range(10_000)
    ]
    returns = [
        line(f"C{i}", quantity="-2", date=first + dt.timedelta(days=i + 1))
        for i in range(300)
    ]
    (tmp_path / "orders.csv").write_text(log(*lines, *returns))
    built = build(tmp_path / "orders.csv", *BUILD)
    assert_reconciled(built)
    assert built.rows(
        "select order_count, net_amount::double from marts.customers"
    ) == [(10_000 - 300, (10_000 - 300) * 3.0)]


# --- Built: how files and headers are named and written.


def test_glob_of_two_spellings_is_one_log(build, tmp_path):
    (tmp_path / "orders_2010.csv").write_text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,"
        "Country\n" + line("1", customer="13085.0", date="13/12/2010 10:00")
    )
    (tmp_path / "orders_2011.csv").write_text(
        log(line("2", customer="13085", date="02/01/2011 10:00"))
    )
    built = build(tmp_path / "orders_*.csv", *BUILD)
    assert_reconciled(built)
    assert built.rows(
        "select customer_id, order_id, ordered_date::varchar from marts.orders "
        "order by order_id"
    ) == [("13085", "1", "2010-12-13"), ("13085", "2", "2011-01-02")]


@pytest.fixture(scope="module")
def german(shared_build, tmp_path_factory):
    """Build a Latin-1 file with headers of its own and attributes beside it."""
    folder = tmp_path_factory.mktemp("german")
    (folder / "bestellungen.csv").write_bytes(
        (
            "Kunde;Beleg;Datum;Artikel;Text;Stück;Preis\n"
            "7;1;31.12.2010 10:00;10001;CAFÉ;2;1.50\n"
            "8;2;03.01.2011;10002;Krug;1;9.00\n"
        ).encode("latin-1")
    )
    (folder / "customer_attributes.csv").write_text(
        "CustomerID,Gender,Annual Income (k$)\n7.0,f,40\n8,m,50\n"
    )
    build = shared_build(
        *BUILD,
        transactions_path=str(folder / "bestellungen.csv"),
        transactions_encoding="latin-1",
        transaction_columns={
            "customer_id": "Kunde",
            "invoice": "Beleg",
            "invoice_date": "Datum",
            "stock_code": "Artikel",
            "description": "Text",
            "quantity": "Stück",
            "unit_price": "Preis",
        },
    )
    assert_reconciled(build)
    return build


def test_latin_1_letters_survive(german):
    assert german.rows(
        "select product_id, description from marts.products order by product_id"
    ) == [("10001", "CAFÉ"), ("10002", "KRUG")]


def test_mapped_columns_and_day_first_dates_are_read(german):
    assert german.rows(
        "select customer_id, ordered_at::varchar, net_amount::double "
        "from marts.orders order by customer_id"
    ) == [("7", "2010-12-31 10:00:00", 3.0), ("8", "2011-01-03 00:00:00", 9.0)]


def test_attributes_beside_the_log_reach_the_customers(german):
    assert german.rows(
        "select customer_id, attributes from marts.customers order by customer_id"
    ) == [
        ("7", '{"annual_income": 40.0, "gender": "f"}'),
        ("8", '{"annual_income": 50.0, "gender": "m"}'),
    ]


def test_a_table_of_the_build_file_is_read(good, tmp_path):
    warehouse = tmp_path / "warehouse"
    warehouse.mkdir()
    shutil.copy(good[0].warehouse / "build.duckdb", warehouse / "build.duckdb")
    seeded = type(good[0])(True, "", warehouse)
    seeded.rows(
        'create table "my orders" as select * from (values '
        "(1, '10001', 3, timestamp '2012-05-01 10:00', 2.5::decimal(9, 2), 9)) "
        "as t(invoice, stock_code, quantity, invoice_date, unit_price, customer_id)"
    )
    built = run_dbt(warehouse, {"transactions_relation": 'main."my orders"'}, *BUILD)
    assert_reconciled(built)
    assert built.rows(
        "select order_id, customer_id, net_amount::double, ordered_date::varchar "
        "from marts.orders"
    ) == [("1", "9", 7.5, "2012-05-01")]
