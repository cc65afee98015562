"""Every table and column says what it is, and says it of columns that exist."""

import json
import re

import pytest
from conftest import ROOT

TABLES = ("model", "seed", "source")
KEY_TESTS = ("unique", "unique_combination")


@pytest.fixture(scope="module")
def nodes(sample_build):
    manifest = json.loads((sample_build.warehouse / "target/manifest.json").read_text())
    return [
        node
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if node["resource_type"] in TABLES
    ]


def test_every_table_and_column_is_described(nodes):
    bare = [node["name"] for node in nodes if not node["description"].strip()] + [
        f"{node['name']}.{column}"
        for node in nodes
        for column, facts in node["columns"].items()
        if not facts["description"].strip()
    ]
    assert bare == []


def test_documented_columns_are_the_columns_of_the_tables(nodes, sample_build):
    found: dict[str, set[str]] = {}
    for table, column in sample_build.rows(
        "select table_schema || '.' || table_name, column_name "
        "from information_schema.columns"
    ):
        found.setdefault(table, set()).add(column)
    documented = {
        f"{node['schema']}.{node.get('alias') or node['name']}": set(node["columns"])
        for node in nodes
        if node["resource_type"] != "source"
    }
    assert documented == {table: found[table] for table in documented}


def test_the_page_of_tables_lists_all_that_are_published(nodes):
    listed = (ROOT / "docs/tables.md").read_text()
    published = [
        node["name"] for node in nodes if node["schema"] in ("marts", "evidence")
    ]
    # Five tables of classifiers share a line and the beginning of their name.
    names = {name: name.replace("classifier_", "_") for name in published}
    missing = [
        name
        for name in published
        if not {f"`{name}`", f"`{names[name]}`"} & set(re.findall(r"`\w+`", listed))
    ]
    assert missing == []


def test_every_macro_is_described(sample_build):
    manifest = json.loads((sample_build.warehouse / "target/manifest.json").read_text())
    macros = {
        macro["name"]: macro["description"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == "customer_analytics"
    }
    assert len(macros) > 50
    assert [name for name, text in macros.items() if not text.strip()] == []


def test_every_mart_has_a_contract(nodes):
    open_marts = [
        node["name"]
        for node in nodes
        if node["resource_type"] == "model"
        and node["schema"] in ("marts", "evidence")
        and not node["config"]["contract"]["enforced"]
    ]
    assert open_marts == []


def test_every_model_has_a_tested_key(nodes, sample_build):
    manifest = json.loads((sample_build.warehouse / "target/manifest.json").read_text())
    keyed = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name") in KEY_TESTS
    }
    keyless = {
        node["name"]
        for node in nodes
        if node["resource_type"] == "model" and node["unique_id"] not in keyed
    }
    # One row; one row per raw line or event, which need not have a key.
    assert keyless == {
        *("int_as_of_date", "int_log_facts", "data_span"),
        *("stg_transactions", "stg_customer_events", "int_described_lines"),
    }
