"""Settings as dbt hands them over."""

import datetime

import pytest

from customer_analytics.input.settings import Settings, read_settings


def test_blank_values_mean_the_defaults():
    meta = {
        "transactions_path": "a.csv",
        "transactions_relation": "",
        "as_of_date": None,
        "customer_attributes_path": "None",
        "customer_attribute_columns": "none",
        "plugin": "input",
    }
    assert read_settings(meta) == (Settings(transactions_path="a.csv"), [])


def test_text_of_dbt_is_converted():
    settings, problems = read_settings(
        {
            "transactions_path": "a.csv",
            "transaction_columns": "{'customer_id': 'Client'}",
            "max_unreadable_share": "0.2",
            "as_of_date": datetime.date(2011, 12, 10),
            "earliest_order_date": "2000-01-01",
            "transactions_encoding": "UTF8",
            "transactions_date_order": "day_first",
        }
    )
    assert problems == []
    assert settings.transaction_columns == {"customer_id": "Client"}
    assert settings.max_unreadable_share == 0.2
    assert settings.as_of_date == datetime.date(2011, 12, 10)
    assert settings.earliest_order_date == datetime.date(2000, 1, 1)
    assert settings.transactions_encoding == "utf-8"
    assert settings.transactions_date_order == "day_first"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("transactions_encoding", "utf-9", "cp1252"),
        ("transactions_decimal_mark", "dot", "'comma'"),
        ("time_zone", "Europe/Paradise", "Europe/London"),
        ("guest_customer_ids", "0", "a list"),
        ("transactions_sheets", "{Orders: 1}", "a list"),
        ("transactions_date_order", "american", "'month_first'"),
        ("max_unreadable_share", "1.5", "0 to 1"),
        ("earliest_order_date", "01/02/2000", "1990-01-01"),
        ("as_of_date", "today", "2011-12-10"),
        ("transaction_columns", "Client", "mapping"),
        ("customer_attribute_columns", "[1]", "mapping"),
    ],
)
def test_value_not_allowed_names_variable_value_and_what_is(name, value, allowed):
    settings, (problem,) = read_settings({"transactions_path": "a.csv", name: value})
    assert settings == Settings(transactions_path="a.csv")
    assert problem.startswith(f"{name}: '{value}' is not ")
    assert allowed in problem
    assert f"--vars '{{{name}: " in problem


def test_all_wrong_values_are_told_at_once():
    _, problems = read_settings({"as_of_date": "x", "max_unreadable_share": "y"})
    assert {problem.split(":")[0] for problem in problems} == {
        "as_of_date",
        "max_unreadable_share",
        "transactions_path",
    }


@pytest.mark.parametrize("attributes", ["", "none", "auto"])
def test_no_input_named_at_all(attributes):
    _, (problem,) = read_settings({"customer_attributes_path": attributes})
    assert problem.startswith("transactions_path: it is empty")
    assert "transactions_relation" in problem
    assert "customer_attributes_path" in problem


@pytest.mark.parametrize("path", ["", "none", None])
def test_attributes_without_orders(path):
    meta = {"transactions_path": path, "customer_attributes_path": "people.csv"}
    settings, problems = read_settings(meta)
    assert problems == []
    assert not settings.has_orders
    assert settings == Settings(customer_attributes_path="people.csv")


@pytest.mark.parametrize("name", ["transactions_path", "transactions_relation"])
def test_file_or_relation_is_an_order_log(name):
    settings, _ = read_settings({name: "a"})
    assert settings.has_orders


@pytest.mark.parametrize("name", ["Bad Name", "1st", "customer_id", "a=b"])
def test_names_of_given_outcomes_are_names_of_targets(name):
    given = {"customer_attributes_path": "people.csv", "transactions_path": "none"}
    settings, problems = read_settings(given | {"customer_labels": {name: "Churn"}})
    assert settings.customer_labels == {}
    assert len(problems) == 1 and "customer_labels" in problems[0]
    settings, problems = read_settings(given | {"customer_labels": {"left": "Churn"}})
    assert settings.customer_labels == {"left": "Churn"} and not problems


def test_given_outcomes_need_a_file_of_attributes():
    _, problems = read_settings(
        {
            "transactions_path": "orders.csv",
            "customer_attributes_path": "",
            "customer_labels": {"left": "Churn"},
        }
    )
    assert len(problems) == 1 and "customer_attributes_path" in problems[0]
