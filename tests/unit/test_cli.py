"""The command line: settings in, exit code and messages out."""

import pytest

from customer_analytics import cli
from customer_analytics.cli import dbt_variables, main, parser, warehouse_folder
from customer_analytics.publishing import PublishError


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("", "", ""), {}),
        (("o.csv", "", ""), {"transactions_path": "o.csv"}),
        (("", "a.csv", ""), {"customer_attributes_path": "a.csv"}),
        (("it's.csv", "", "{currency: EUR}"), None),
        (("o.csv", "", "{transactions_path: p.csv}"), {"transactions_path": "p.csv"}),
        (("", "", "currency: EUR"), {"currency": "EUR"}),
    ],
)
def test_variables_come_from_both_and_vars_win(arguments, variables):
    if variables is None:
        variables = {"transactions_path": "it's.csv", "currency": "EUR"}
    assert dbt_variables(*arguments) == variables


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("{currency: EUR", r"VARS='\{currency: EUR' is not YAML"),
        ("EUR", "VARS='EUR' must be a mapping such as {currency: EUR}"),
        ("[currency]", "must be a mapping"),
    ],
)
def test_wrong_vars_are_refused(more, told):
    with pytest.raises(ValueError, match=told):
        dbt_variables("", "", more)


def test_options_default_to_the_environment(monkeypatch):
    monkeypatch.setenv("TRANSACTIONS", "my orders.csv")
    monkeypatch.setenv("CUSTOMER_ATTRIBUTES", "people.csv")
    monkeypatch.setenv("VARS", "{currency: EUR}")
    options = parser().parse_args(["build"])
    assert options.transactions == "my orders.csv"
    assert options.customer_attributes == "people.csv"
    assert options.vars == "{currency: EUR}"
    given = parser().parse_args(["build", "--transactions", "other.csv"])
    assert given.transactions == "other.csv"


def test_options_are_empty_without_an_environment(monkeypatch):
    for name in ("TRANSACTIONS", "CUSTOMER_ATTRIBUTES", "VARS"):
        monkeypatch.delenv(name, raising=False)
    options = parser().parse_args(["build"])
    found = (options.transactions, options.customer_attributes, options.vars)
    assert found == ("", "", "")


@pytest.mark.parametrize(
    ("value", "folder"), [(None, "warehouse"), ("", "warehouse"), ("a b", "a b")]
)
def test_warehouse_comes_from_the_environment(monkeypatch, value, folder):
    monkeypatch.delenv(cli.WAREHOUSE_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(cli.WAREHOUSE_VARIABLE, value)
    assert str(warehouse_folder()) == folder


def test_wrong_vars_end_with_a_message_and_code_1(capsys):
    assert main(["build", "--vars", "EUR"]) == 1
    assert capsys.readouterr().err.startswith("error: VARS='EUR' must be a mapping")


def test_publishing_problem_ends_with_a_message_and_code_1(monkeypatch, capsys):
    def refuse():
        raise PublishError("not in the build: marts.orders")

    monkeypatch.setattr(cli, "publish_build", refuse)
    assert main(["publish"]) == 1
    assert capsys.readouterr().err == "error: not in the build: marts.orders\n"


def test_publish_without_a_build(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["publish"]) == 1
    assert "run 'make build' first" in capsys.readouterr().err


def test_sample_of_any_size(tmp_path):
    import duckdb

    assert main(["sample", str(tmp_path), "--lines", "1000"]) == 0
    assert duckdb.sql(
        f"select count(*) from '{tmp_path}/part-*.parquet'"
    ).fetchall() == [(1000,)]


def test_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["bild"])
    assert caught.value.code == 2
    assert "invalid choice: 'bild'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["build", "publish"])
def test_empty_salt_stops_before_anything_is_built(command, monkeypatch, capsys):
    monkeypatch.setenv("CUSTOMER_ANALYTICS_ID_SALT", "")
    monkeypatch.setattr("dbt.cli.main.dbtRunner", lambda: pytest.fail("dbt ran"))
    assert main([command]) == 1
    assert "CUSTOMER_ANALYTICS_ID_SALT is set but empty" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["report", "notebooks"])
def test_what_reads_the_published_file_names_the_command_that_writes_it(
    command, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUSTOMER_ANALYTICS_WAREHOUSE", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/one.ipynb").write_text("{}")
    assert main([command]) == 1
    assert "run make build first" in capsys.readouterr().err


def test_an_extra_that_is_not_installed_is_named(monkeypatch, capsys):
    def without_altair():
        raise ModuleNotFoundError("No module named 'altair'", name="altair")

    monkeypatch.setattr(cli, "make_report", without_altair)
    assert main(["report"]) == 1
    assert capsys.readouterr().err == (
        "error: altair is not installed: run 'make report', or install the extra: pip "
        "install 'customer-analytics[report]'\n"
    )
