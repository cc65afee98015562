"""Recognition of headers."""

import pytest

from customer_analytics.input.columns import (
    attribute_name,
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
    assert "no column for customer_id, invoice, stock_code, quantity" in problem
    assert "'InvoiceDate', 'Price', 'Who'" in problem
    assert "{transaction_columns: {customer_id: <header>, invoice: <" in problem
    assert "amount in place of" in problem


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
    (problem,) = match_attributes(("Client", "Age"), {}).problems
    assert "no column for customer_id" in problem
    assert "'Client', 'Age'" in problem
    assert "customer_attribute_columns: {customer_id: <header>}" in problem
    assert not match_attributes(("Client", "Age"), {"customer_id": "Client"}).problems


@pytest.mark.parametrize(
    "header", [("customer_id", "Age", "age (y)"), ("CustomerID", "customer id")]
)
def test_attributes_of_one_name(header):
    (problem,) = match_attributes(header, {}).problems
    assert f"'{header[-2]}' and '{header[-1]}' are both" in problem


def test_mapping_text():
    assert (
        mapping_text(("a", "b"), {"invoice": 1, "amount": 0}) == "invoice=b, amount=a"
    )
