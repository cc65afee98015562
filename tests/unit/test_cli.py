"""The command line: settings in, exit code and messages out."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import yaml

from customer_analytics import cli
from customer_analytics.cli import dbt_variables, main, parser, warehouse_folder
from customer_analytics.publishing import PublishError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("", "", "", ""), {}),
        (("o.csv", "", "", ""), {"transactions_path": "o.csv"}),
        (("", "a.csv", "", ""), {"customer_attributes_path": "a.csv"}),
        (("", "", "e.csv", ""), {"customer_events_path": "e.csv"}),
        (("it's.csv", "", "", "{currency: EUR}"), None),
        (
            ("o.csv", "", "", "{transactions_path: p.csv}"),
            {"transactions_path": "p.csv"},
        ),
        (("", "", "", "currency: EUR"), {"currency": "EUR"}),
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
        dbt_variables("", "", "", more)


def test_options_default_to_the_environment(monkeypatch):
    monkeypatch.setenv("TRANSACTIONS", "my orders.csv")
    monkeypatch.setenv("CUSTOMER_ATTRIBUTES", "people.csv")
    monkeypatch.setenv("CUSTOMER_EVENTS", "visits.csv")
    monkeypatch.setenv("VARS", "{currency: EUR}")
    options = parser().parse_args(["build"])
    assert options.transactions == "my orders.csv"
    assert options.customer_attributes == "people.csv"
    assert options.customer_events == "visits.csv"
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
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
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


class Runner:
    """Stands for dbt: notes how it was called, and gives a result."""

    def __init__(self, exception=None, nodes=()):
        results = [
            SimpleNamespace(
                node=SimpleNamespace(name=name), status="fail", message=told
            )
            for name, told in nodes
        ]
        self.result = SimpleNamespace(
            success=False,
            exception=exception,
            result=SimpleNamespace(results=results),
        )
        self.calls = []

    def __call__(self, manifest=None):
        return self

    def invoke(self, arguments):
        self.calls.append((Path.cwd(), arguments))
        return self.result


def run(monkeypatch, runner, *arguments):
    monkeypatch.setattr("dbt.cli.main.dbtRunner", runner)
    monkeypatch.setattr("customer_analytics.parsing.parsed_project", lambda *_: None)
    return main(list(arguments))


def test_arguments_of_dbt_are_handed_on(monkeypatch):
    runner = Runner()
    assert run(monkeypatch, runner, "build", "--", "--select", "tag:rfm", "-x") == 1
    ((_, arguments),) = runner.calls
    assert arguments[:2] == ["build", "--vars"]
    # What is chosen is made of the input that is named now.
    assert arguments[3:] == ["--select", "+input_files", "--select", "tag:rfm", "-x"]
    run(monkeypatch, runner, "build", "--", "--fail-fast")
    assert runner.calls[-1][1][3:] == ["--fail-fast"]


def test_the_reason_of_a_failure_is_always_printed(monkeypatch, capsys):
    run(monkeypatch, Runner(exception=ValueError("no such variable")), "build")
    assert "error: no such variable\n" in capsys.readouterr().err
    run(monkeypatch, Runner(nodes=[("orders", "Got 3 results")]), "build")
    told = capsys.readouterr().err
    assert "error: orders: Got 3 results\n" in told
    assert "Nothing was published" in told


def test_the_command_runs_from_any_folder(tmp_path, monkeypatch):
    project = Path(cli.__file__).parents[2]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUSTOMER_ANALYTICS_WAREHOUSE", "mine")
    runner = Runner()
    run(monkeypatch, runner, "build", "--transactions", "orders/*.csv")
    ((folder, arguments),) = runner.calls
    assert folder == project
    assert yaml.safe_load(arguments[2]) == {
        "transactions_path": str(tmp_path / "orders" / "*.csv")
    }
    assert warehouse_folder() == tmp_path / "mine"


def test_paths_among_the_variables_are_the_users_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DBT_PROFILES_DIR", "")
    runner = Runner()
    more = "{transactions_path: a.csv, customer_attributes_path: auto, currency: EUR}"
    run(monkeypatch, runner, "build", "--vars", more)
    ((_, arguments),) = runner.calls
    assert yaml.safe_load(arguments[2]) == {
        "transactions_path": str(tmp_path / "a.csv"),
        "customer_attributes_path": "auto",
        "currency": "EUR",
    }


def test_the_environment_names_the_project(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv("DBT_PROJECT_DIR", "mine")
    runner = Runner()
    assert run(monkeypatch, runner, "build") == 1
    told = capsys.readouterr().err
    assert f"no dbt project of customer_analytics in {tmp_path / 'mine'}" in told
    assert "DBT_PROJECT_DIR" in told
    (tmp_path / "mine" / "dbt_project.yml").write_text("name: customer_analytics\n")
    run(monkeypatch, runner, "build")
    ((folder, _),) = runner.calls
    assert folder == tmp_path / "mine"


@pytest.mark.parametrize("argument", ["--vars", "--target-path=x", "--project-dir"])
def test_arguments_that_would_undo_the_commands_own_are_refused(
    argument, monkeypatch, capsys
):
    runner = Runner()
    assert run(monkeypatch, runner, "build", "--", argument, "{currency: EUR}") == 1
    assert f"error: {argument} is not handed on to dbt" in capsys.readouterr().err
    assert runner.calls == []


def test_a_failure_without_a_reason_says_where_to_look(monkeypatch, capsys):
    run(monkeypatch, Runner(), "build")
    assert "error: dbt gave no reason" in capsys.readouterr().err


def test_the_command_is_a_module_too():
    command = [sys.executable, "-m", "customer_analytics.cli", "build", "--help"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "--transactions" in printed


def test_baskets_are_unfolded(tmp_path, capsys):
    (tmp_path / "baskets.csv").write_text('milk,bread\n\n"rice, brown", tea ,\n')
    paths = [str(tmp_path / name) for name in ("baskets.csv", "orders.csv")]
    assert main(["unfold", *paths, "--date", "2024-01-31"]) == 0
    assert "4 lines" in capsys.readouterr().out
    assert (tmp_path / "orders.csv").read_text().splitlines() == [
        "order,item,date",
        "1,milk,2024-01-31",
        "1,bread,2024-01-31",
        '3,"rice, brown",2024-01-31',
        "3,tea,2024-01-31",
    ]
    assert (
        main(["unfold", str(tmp_path / "none.csv"), "x", "--date", "2024-01-31"]) == 1
    )


def test_make_hands_on_what_it_is_given_to_the_letter(tmp_path):
    makefile = Path(cli.__file__).parents[2] / "Makefile"
    told = tmp_path / "Makefile"
    told.write_text(f"include {makefile}\ntell:\n\t@printenv TRANSACTIONS VARS\n")
    given = ["TRANSACTIONS=price$list 'a'.csv", "VARS={currency: $}"]
    for arguments, environment in [
        (given, {}),
        ([], dict(x.split("=") for x in given)),
    ]:
        output = subprocess.run(
            ["make", "--no-print-directory", "-f", str(told), "tell", *arguments],
            capture_output=True,
            text=True,
            env=os.environ | environment,
        ).stdout
        assert output.splitlines() == ["price$list 'a'.csv", "{currency: $}"]


def test_watching_needs_files(monkeypatch, capsys):
    monkeypatch.delenv("TRANSACTIONS", raising=False)
    assert cli.main(["watch"]) == 1
    assert "watch needs files: make watch TRANSACTIONS=" in capsys.readouterr().err


def test_a_table_is_looked_for_where_profiles_say(monkeypatch, tmp_path):
    profile = yaml.safe_load((ROOT / "profiles.yml").read_text())
    (output,) = profile["customer_analytics"]["outputs"].values()
    output["attach"] = [{"path": str(tmp_path / "till.duckdb"), "alias": "till"}]
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profile))
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    monkeypatch.setenv("CUSTOMER_ANALYTICS_WAREHOUSE", str(tmp_path))
    monkeypatch.chdir(ROOT)
    for name in ("build", "till"):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute(f"create table orders as select '{name}' as shop")
    found = [cli.table_look(name)() for name in ("till.main.orders", "main.orders")]
    assert [len(stamps) for stamps in found] == [1, 1]
    assert [*found[0].values()] != [*found[1].values()]


@pytest.mark.parametrize("is_due", [True, False])
def test_learning_is_due_where_the_published_tables_say_so(tmp_path, is_due):
    path = tmp_path / "customer_analytics.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema marts; create table marts.data_span as "
            f"select {is_due} as is_learning_due"
        )
    assert cli.learning_is_due(path) is is_due


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """Watch a folder for two looks; return the commands called and the lines said."""

    def watched(answers, is_due=False):
        called = []

        def run(arguments, **_):
            command = arguments[3]
            called.append(command)
            error = answers.get(command, "")
            return SimpleNamespace(returncode=bool(error), stderr=f"error: {error}\n\n")

        looks = iter([None, None, KeyboardInterrupt])

        def sleep(seconds):
            if (step := next(looks)) is not None:
                raise step

        monkeypatch.setattr(cli.subprocess, "run", run)
        monkeypatch.setattr(cli.time, "sleep", sleep)
        monkeypatch.setattr(cli, "learning_is_due", lambda path: is_due)
        (tmp_path / "orders.csv").write_text("a")
        assert cli.run_watch(str(tmp_path / "*.csv"), {}, 0) == 0
        return called

    return watched


def test_a_new_file_is_scored(commands, capsys):
    assert commands({}) == ["score"]
    said = capsys.readouterr().out
    assert "orders.csv: scored in 0 s" in said and said.endswith("stopped\n")


@pytest.mark.parametrize("reason", cli.LEARN_FIRST)
def test_what_scoring_cannot_do_a_build_does(commands, capsys, reason):
    assert commands({"score": f"x: {reason}, so"}) == ["score", "build"]
    assert "orders.csv: learned and scored" in capsys.readouterr().out


def test_a_month_that_has_ended_is_learned(commands):
    assert commands({}, is_due=True) == ["score", "build"]


def test_a_bad_file_is_told_and_nothing_else_is_tried(commands, capsys):
    assert commands({"score": "the input\n  cannot be used"}) == ["score"]
    assert "set aside orders.csv, published tables stay: the input cannot be used" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("reason", "path"),
    zip(
        cli.LEARN_FIRST,
        [
            "macros/learned.sql",
            "models/spine/int_as_of_date.sql",
            "src/customer_analytics/publishing.py",
        ],
        strict=True,
    ),
)
def test_reasons_that_a_build_mends_are_those_that_are_given(reason, path):
    assert reason in (Path(cli.__file__).parents[2] / path).read_text()
