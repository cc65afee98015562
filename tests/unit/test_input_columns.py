"""Recognition of headers."""

import pytest

from customer_analytics.input.columns import (
    attribute_name,
    by_position,
    mapping_text,
    match_attributes,
    match_transactions,
    plain,
    unknown_names,
)

ONE = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate")
ONE += ("UnitPrice", "CustomerID", "Country")
TWO = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price")
TWO += ("Customer ID", "Country")
OURS = ("invoice", "stock_code", "description", "quantity", "invoice_date")
OURS += ("unit_price", "customer_id", "country")


@pytest.mark.parametrize("header", [ONE, TWO, OURS])
@pytest.mark.parametrize("change", [str, str.upper, lambda h: f" {h}. "])
def test_published_headers_and_our_names_in_any_spelling(header, change):
    match = match_transactions(tuple(change(name) for name in header), {})
    assert match.positions == {name: i for i, name in enumerate(OURS)}
    assert match.problems == []


def test_plain_header():
    assert plain(" Customer-ID (No.)_") == "customeridno"


def test_all_missing_columns_are_one_problem_that_lists_the_headers():
    (problem,) = match_transactions(("InvoiceDate", "Price", "Who"), {}).problems
    assert "no column for invoice, stock_code, customer_id" in problem
    assert "'InvoiceDate', 'Price', 'Who'" in problem
    assert "{transaction_columns: {invoice: <header>, stock_code: <" in problem
    assert "needs amount instead of" in problem


@pytest.mark.parametrize(
    ("header", "left_out", "doubtful"),
    [
        ("receipt,item,qty,date,price", "customer_id", "Buyer"),
        ("receipt,item,qty,date,customer", "unit_price", "Net in GBP"),
        ("receipt,item,price,date,customer", "quantity", "Unit count"),
    ],
)
def test_a_log_without_a_column_is_read_unless_another_may_be_it(
    header, left_out, doubtful
):
    header = tuple(header.split(","))
    match = match_transactions(header, {})
    assert not match.problems and left_out not in match.positions
    if doubtful == "Buyer":
        doubtful = "Buyer's name"
    (problem,) = match_transactions((*header, doubtful), {}).problems
    assert problem.startswith(f"no column for {left_out}. The columns are ")
    assert f"{{{left_out}: none}}" in problem
    assert not match_transactions((*header, doubtful), {left_out: "none"}).problems


# The headers of well-known exports, and which column is which.
EXPORTS = {
    "Shopify": (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,"
        "Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
        "Lineitem compare at price,Lineitem sku,Lineitem discount,Billing Name,"
        "Billing Country,Shipping Country,Notes,Location,Id,Vendor",
        {
            "invoice": "Name",
            "stock_code": "Lineitem sku",
            "description": "Lineitem name",
            "quantity": "Lineitem quantity",
            "invoice_date": "Created at",
            "unit_price": "Lineitem price",
            "discount": "Lineitem discount",
            "customer_id": "Email",
            "country": "Billing Country",
        },
    ),
    "WooCommerce": (
        "Order ID,Order Number,Order Date,Order Status,Customer User ID,SKU,Item Name,"
        "Quantity,Item Cost,Billing Country",
        {
            "invoice": "Order ID",
            "stock_code": "SKU",
            "description": "Item Name",
            "quantity": "Quantity",
            "invoice_date": "Order Date",
            "unit_price": "Item Cost",
            "customer_id": "Customer User ID",
            "country": "Billing Country",
        },
    ),
    "Magento": (
        "increment_id,created_at,updated_at,customer_id,sku,name,qty_ordered,price,"
        "row_total",
        {
            "invoice": "increment_id",
            "stock_code": "sku",
            "description": "name",
            "quantity": "qty_ordered",
            "invoice_date": "created_at",
            "unit_price": "price",
            "customer_id": "customer_id",
        },
    ),
    "Superstore": (
        "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,"
        "Segment,Country,City,State,Postal Code,Region,Product ID,Category,"
        "Sub-Category,Product Name,Sales,Quantity,Discount,Profit",
        {
            "invoice": "Order ID",
            "stock_code": "Product ID",
            "description": "Product Name",
            "quantity": "Quantity",
            "invoice_date": "Order Date",
            "amount": "Sales",
            "discount": "Discount",
            "customer_id": "Customer ID",
            "country": "Country",
            "category": "Category",
        },
    ),
    "Ta-Feng": (
        "TRANSACTION_DT,CUSTOMER_ID,AGE_GROUP,PIN_CODE,PRODUCT_SUBCLASS,PRODUCT_ID,"
        "AMOUNT,ASSET,SALES_PRICE",
        {
            "stock_code": "PRODUCT_ID",
            "quantity": "AMOUNT",
            "invoice_date": "TRANSACTION_DT",
            "amount": "SALES_PRICE",
            "customer_id": "CUSTOMER_ID",
            "category": "PRODUCT_SUBCLASS",
        },
    ),
    "a grocer's members": (
        "Member_number,Date,itemDescription",
        {
            "stock_code": "itemDescription",
            "description": "itemDescription",
            "invoice_date": "Date",
            "customer_id": "Member_number",
        },
    ),
    "Olist": (
        "order_id,customer_id,customer_unique_id,order_purchase_timestamp,"
        "order_approved_at,product_id,price,freight_value,product_category_name",
        {
            "invoice": "order_id",
            "stock_code": "product_id",
            "invoice_date": "order_purchase_timestamp",
            "unit_price": "price",
            "customer_id": "customer_unique_id",
            "category": "product_category_name",
        },
    ),
    "German": (
        "Rechnungsnummer;Artikelnummer;Bezeichnung;Menge;Datum;Einzelpreis;Kundennummer",
        {
            "invoice": "Rechnungsnummer",
            "stock_code": "Artikelnummer",
            "description": "Bezeichnung",
            "quantity": "Menge",
            "invoice_date": "Datum",
            "unit_price": "Einzelpreis",
            "customer_id": "Kundennummer",
        },
    ),
    "French": (
        "N° commande;Référence;Quantité;Date de commande;Prix unitaire (€);Client",
        {
            "invoice": "N° commande",
            "stock_code": "Référence",
            "quantity": "Quantité",
            "invoice_date": "Date de commande",
            "unit_price": "Prix unitaire (€)",
            "customer_id": "Client",
        },
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_well_known_exports_need_no_mapping(name):
    text, expected = EXPORTS[name]
    header = tuple(text.split(";" if ";" in text else ","))
    match = match_transactions(header, {})
    assert match.problems == []
    assert {c: header[i] for c, i in match.positions.items()} == expected


def test_two_columns_of_one_meaning_are_asked_about():
    header = ("order id", "sku", "qty", "price", "order date", "sale date", "client")
    (problem,) = match_transactions(header, {}).problems
    assert problem.startswith("2 columns could be invoice_date: 'order date', ")


def test_one_header_for_two_columns_is_a_problem():
    (problem,) = match_transactions(
        TWO, {"invoice": "Price", "amount": "Price"}
    ).problems
    assert "maps invoice and amount to one column, 'Price'" in problem


def test_a_first_line_of_values_is_told_and_columns_can_be_numbered():
    line = ("536365", "85123A", "6", "2010-12-01 08:26", "2.55", "17850")
    (problem,) = match_transactions(line, {}).problems
    assert problem.startswith("the first line holds values, no names: '536365', ")
    assert "{invoice: column 1, stock_code: column 2" in problem
    names = ("invoice", "stock_code", "quantity", "invoice_date", "unit_price")
    chosen = {name: f"column {i}" for i, name in enumerate((*names, "customer_id"), 1)}
    assert by_position(chosen) and not by_position({"invoice": "No"})
    match = match_transactions(tuple(chosen.values()), chosen)
    assert match.problems == []
    assert match.positions == {name: int(n[-1]) - 1 for name, n in chosen.items()}


def test_amount_is_enough_without_products():
    match = match_transactions(("CustomerID", "InvoiceDate", "Amount"), {})
    assert match.problems == []
    assert match.positions == {"invoice_date": 1, "amount": 2, "customer_id": 0}


def test_amount_is_left_alone_beside_quantity_and_price_unless_chosen():
    header = (*OURS, "Amount", "Total")
    assert "amount" not in match_transactions(header, {}).positions
    chosen = match_transactions(header, {"amount": "Total"})
    assert chosen.positions["amount"] == header.index("Total")
    assert chosen.problems == []


@pytest.mark.parametrize("twice", ["Quantity", "quantity", " QUANTITY"])
def test_two_columns_for_one_are_a_problem(twice):
    (problem,) = match_transactions((*OURS, twice), {}).problems
    assert problem.startswith("2 columns could be quantity: 'quantity', ")
    can_be_told_apart = twice != "quantity"
    assert ("{transaction_columns: {quantity: " in problem) is can_be_told_apart


def test_choosing_one_of_two_columns_settles_it():
    match = match_transactions(
        (*OURS, "UnitPrice net"), {"unit_price": "UnitPrice net"}
    )
    assert match.problems == []
    assert match.positions["unit_price"] == len(OURS)


def test_chosen_header_is_not_used_a_second_time_by_recognition():
    header = ("customer_id", "invoice_date", "Price")
    match = match_transactions(header, {"amount": "Price"})
    assert match.positions == {"invoice_date": 1, "amount": 2, "customer_id": 0}


def test_chosen_header_not_in_the_file_lists_those_there_are():
    (problem,) = match_transactions(OURS, {"customer_id": "Client"}).problems
    assert "maps customer_id to 'Client'" in problem
    assert "'invoice', 'stock_code'" in problem


def test_unknown_name_in_the_mapping_lists_those_allowed():
    (problem,) = unknown_names({"client": "Client", "invoice": "x"})
    assert problem.startswith("transaction_columns: 'client' is not")
    assert "invoice, stock_code, description" in problem
    assert unknown_names({"invoice": "x"}) == []


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Annual Income (k$)", "annual_income"),
        ("Spending Score (1-100)", "spending_score"),
        ("EmailOpens", "email_opens"),
        ("HTTPVisits", "http_visits"),
        ("age", "age"),
        ("E-Mail  [count]", "e_mail"),
        ("", "column_4"),
        ("Größe", "größe"),
    ],
)
def test_attribute_name(header, name):
    assert attribute_name(header, 3) == name


def test_attributes_name_every_column_and_put_the_id_first():
    match = match_attributes(("Age", "Customer ID", "Sex"), {"gender": "Sex"})
    assert match.positions == {"customer_id": 1, "age": 0, "gender": 2}
    assert list(match.positions)[0] == "customer_id"
    assert match.problems == []


def test_attributes_without_id():
    (problem,) = match_attributes(("Who", "Age"), {}).problems
    assert "no column for customer_id" in problem
    assert "'Who', 'Age'" in problem
    assert "customer_attribute_columns: {customer_id: <header>}" in problem
    assert not match_attributes(("Who", "Age"), {"customer_id": "Who"}).problems
    assert not match_attributes(("Client", "Age"), {}).problems


def test_attributes_of_one_name():
    (problem,) = match_attributes(("customer_id", "Age", "age (y)"), {}).problems
    assert "'Age' and 'age (y)' are both" in problem
    problem, *_ = match_attributes(("CustomerID", "customer id"), {}).problems
    assert problem.startswith("2 columns could be customer_id")


def test_mapping_text():
    assert (
        mapping_text(("a", "b"), {"invoice": 1, "amount": 0}) == "invoice=b, amount=a"
    )


def test_given_outcomes_are_named_and_missing_ones_are_told():
    header = ("customerID", "Churn", "tenure")
    match = match_attributes(header, {}, {"churned": "Churn"})
    assert match.positions == {"customer_id": 0, "churned": 1, "tenure": 2}
    assert not match.problems
    wrong = match_attributes(header, {}, {"churned": "Chrun"})
    assert len(wrong.problems) == 1
    assert "customer_labels maps churned to 'Chrun'" in wrong.problems[0]
    assert "Correct customer_labels" in wrong.problems[0]
