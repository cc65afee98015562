"""Single customers are told what a build that holds their orders tells."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
import time

import duckdb
import pytest
from conftest import ROOT, run_dbt

import customer_analytics
from customer_analytics import cli
from customer_analytics.input import InputError
from customer_analytics.scoring import BuildRunningError, Scorer, ScoringError
from customer_analytics.scoring.answers import TABLES, answer, plain

TABLES_ONLY = ("build", "--exclude-resource-types", "test")
TODAY, LEARNING_DATE = "2025-06-10", "2025-06-01"
SETTINGS = {
    f"{name}_path": str(ROOT / "data" / f"{name}.parquet")
    for name in ("customer_attributes", "customer_events")
}
NEW = "99999"
# What is said of others in a reason.
TYPICAL = re.compile(", (typically|others usually) .*$")


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Return the path of a third of the sample, up to a day of June."""
    path = tmp_path_factory.mktemp("log") / "orders.parquet"
    duckdb.sql(
        f"copy (from '{ROOT / 'data' / 'transactions.parquet'}' where "
        f"InvoiceDate < '{TODAY}' and "
        f"hash(coalesce(\"Customer ID\"::varchar, Invoice)) % 3 = 0) to '{path}'"
    )
    return path


@pytest.fixture(scope="module")
def shop(log, tmp_path_factory):
    """Return a build of the log, which learned as of the first of June."""
    warehouse = tmp_path_factory.mktemp("shop")
    with contextlib.chdir(ROOT):
        build = run_dbt(
            warehouse, SETTINGS | {"transactions_path": str(log)}, *TABLES_ONLY
        )
    assert build.success, build.message
    return build


@pytest.fixture(scope="module")
def scorer(shop):
    with contextlib.chdir(ROOT):
        return Scorer(shop.warehouse)


def lines_of(log, customers):
    """Return the raw lines of some customers."""
    return duckdb.execute(
        f"from '{log}' where \"Customer ID\"::varchar in (select unnest(?))",
        [customers],
    ).df()


def newcomer(log, path, days):
    """Write a first basket: what another customer bought, so many days later."""
    duckdb.sql(
        f"copy (select * replace ('N' || Invoice as Invoice, "
        f'InvoiceDate + interval {days} day as InvoiceDate, {NEW} as "Customer ID") '
        f"from '{log}' where Invoice = (select min(Invoice) from '{log}' where "
        f"InvoiceDate >= date '{TODAY}' - 2 and \"Customer ID\" is not null "
        f"and Quantity > 3)) to '{path}'"
    )
    return path


def told_by(build, customers):
    """Return answers made of the tables of a build."""
    targets = build.rows(
        "select target, status, reason from evidence.chosen_models "
        "semi join (from reference.prediction_targets where population = 'customer') "
        "using (target) order by target"
    )
    targets = [
        dict(zip(("target", "status", "reason"), t, strict=True)) for t in targets
    ]
    rows = {customer: {name: [] for name in TABLES} for customer in customers}
    with duckdb.connect(str(build.warehouse / "build.duckdb")) as connection:
        for name in TABLES:
            found = connection.sql(f"from {name} order by all")
            for row in found.fetchall():
                named = dict(zip(found.columns, map(plain, row), strict=True))
                if named["customer_id"] in rows:
                    rows[named["customer_id"]][name].append(named)
    return {customer: answer(own, targets) for customer, own in rows.items()}


# Products of matrices in single precision: of one row BLAS sums in another order.
COARSE = {"recommendations.chance": 1e-6}


def compare(found, expected, where=""):
    """Yield what differs, numbers by more than a billionth."""
    if isinstance(expected, dict):
        for name in expected.keys() | found.keys():
            yield from compare(
                found.get(name), expected.get(name), f"{where}.{name}".lstrip(".")
            )
    elif isinstance(expected, list) and len(expected) == len(found):
        for one, other in zip(found, expected, strict=True):
            yield from compare(one, other, where)
    elif isinstance(expected, float) and isinstance(found, float):
        if abs(found - expected) > COARSE.get(where, 1e-9):
            yield where
    elif found != expected:
        yield where


def test_known_customers_are_told_what_the_build_tells(scorer, shop, log):
    customers = [
        customer
        for (customer,) in shop.rows(
            "select customer_id from marts.customer_rfm order by md5(customer_id) "
            "limit 100"
        )
    ]
    expected = told_by(shop, customers)
    for asked in (customers, customers[:1]):
        found = scorer.score(lines_of(log, asked))
        assert [one.pop("customer_id") for one in found] == sorted(asked)
        for customer, one in zip(sorted(asked), found, strict=True):
            assert one.pop("as_of_date") == TODAY
            assert one.pop("learned_as_of") == LEARNING_DATE
            assert [*compare(one, expected[customer])] == []
            assert one["segments"] and one["recommendations"]


@pytest.mark.parametrize(
    ("days", "today"), [(0, TODAY), (5, "2025-06-14")], ids=["before", "after"]
)
def test_a_new_customer_is_told_what_a_build_would_tell(
    scorer, shop, log, tmp_path, monkeypatch, days, today
):
    path = newcomer(log, tmp_path / "new.parquet", days)
    (found,) = scorer.score(path)
    assert (found.pop("customer_id"), found.pop("as_of_date")) == (NEW, today)
    assert found.pop("learned_as_of") == LEARNING_DATE

    warehouse = tmp_path / "warehouse"
    warehouse.mkdir()
    shutil.copy(shop.warehouse / "build.duckdb", warehouse)
    both = tmp_path / "both.parquet"
    duckdb.sql(f"copy (from '{log}' union all by name from '{path}') to '{both}'")
    monkeypatch.setenv(cli.SCORING_VARIABLE, "true")
    build = run_dbt(
        warehouse,
        SETTINGS | {"transactions_path": str(both)},
        *(*TABLES_ONLY, "--select", "tag:score"),
    )
    assert build.success, build.message
    expected = told_by(build, [NEW])[NEW]
    # What is said of everybody has one customer more, and of a later day all others
    # have been away for longer: typical values, ranks, popularity, totals.
    differing = {*compare(found, expected)}
    of_everybody = {
        *("predictions.reasons", "recommendations.chance"),
        "recommendations.overall_rank",
    }
    # The growth of the shop, in the level of amounts, is one of them.
    amounts = "lifetime_value.predicted_amount"
    of_everybody |= {name for name in differing if name.startswith(amounts)}
    if days:
        ranks = ("percentile", "decile", "tier")
        of_everybody |= {f"predictions.{name}" for name in ranks}
        of_everybody |= {n for n in differing if n.startswith("recommendations")}
        of_everybody |= {n for n in differing if n.startswith("lifetime_value")}
    assert differing <= of_everybody
    for name, value in expected["lifetime_value"].items():
        is_number = isinstance(value, float)
        # In the build nobody else has ordered since: growth, and so the level, is less,
        # and ends of intervals may be those of another group of like predictions.
        is_amount = name.startswith("predicted_amount")
        if days and is_amount and name.endswith(("_low", "_high")):
            continue
        near = 0.2 if days and is_amount else 0.05
        about = pytest.approx(value, rel=near) if is_number else value
        assert found["lifetime_value"][name] == about, name
    (products, others) = (
        {one["product_id"] for one in told["recommendations"]}
        for told in (found, expected)
    )
    assert len(products & others) >= 0.7 * len(others)
    for one, other in zip(found["predictions"], expected["predictions"], strict=True):
        assert [TYPICAL.sub("", reason) for reason in one["reasons"]] == [
            TYPICAL.sub("", reason) for reason in other["reasons"]
        ]


def test_an_answer_takes_less_than_a_second(scorer, log, tmp_path):
    path = newcomer(log, tmp_path / "new.parquet", 0)
    scorer.score(path)
    started = time.process_time()
    scorer.score(path)
    # Of one thread: what others do on this machine does not count.
    assert time.process_time() - started < 1


def test_who_has_no_line_that_counts_is_told_so(scorer, log, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
        "A1,85123A,LIGHT,6,2025-06-08 10:00,2.5,new one,France\n"
        "A2,POST,POSTAGE,1,2025-06-08 10:00,18,none kept,France\n"
        "A3,85123A,LIGHT,6,2025-06-08 10:00,2.5,,France\n"
    )
    new, none = scorer.score(str(path))
    assert (new["customer_id"], new["status"]) == ("new one", "scored")
    assert new["rfm"]["order_count"] == 1
    assert none["customer_id"] == "none kept"
    assert none["status"].startswith("no purchase of theirs was kept")
    assert "segments" not in none


def test_all_that_is_wrong_with_a_file_is_told(scorer, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("Invoice,StockCode\nA1,X\n")
    with pytest.raises(InputError) as raised:
        scorer.score(path)
    assert "no column for invoice_date, customer_id" in str(raised.value)
    # And nothing stands in the way of the next.
    path.write_text("customer,date,product,amount\nx,2025-06-08,85123A,9.5\n")
    (told,) = scorer.score(path)
    assert told["status"] == "scored"


def test_nothing_is_told_before_a_build_or_of_half_a_build(shop, tmp_path):
    with pytest.raises(ScoringError, match="nothing has been learned yet"):
        Scorer(tmp_path)
    duckdb.connect(str(tmp_path / "build.duckdb")).close()
    with pytest.raises(ScoringError, match="nothing has been learned yet"):
        Scorer(tmp_path)
    half = tmp_path / "half"
    half.mkdir()
    shutil.copy(shop.warehouse / "build.duckdb", half)
    with duckdb.connect(str(half / "build.duckdb")) as connection:
        connection.execute(
            "update raw.table_origins set origin = 'unfinished' "
            "where table_name = 'customer_rfm'"
        )
    with pytest.raises(ScoringError, match="did not finish"):
        Scorer(half)


def test_what_another_version_learned_is_not_used(shop, tmp_path):
    shutil.copy(shop.warehouse / "build.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        connection.execute(
            "update learned.ml_customer_scores set fingerprint = 'of another'"
        )
    with pytest.raises(ScoringError, match="ml_customer_scores: .*, served"):
        Scorer(tmp_path)


def test_a_kept_scorer_outlives_the_build_that_comes_next(shop, log, tmp_path):
    shutil.copy(shop.warehouse / "build.duckdb", tmp_path)
    path = newcomer(log, tmp_path / "new.parquet", 0)
    first = customer_analytics.score(path, tmp_path)
    # A build in another process has the file, and has changed it.
    build = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
            "c.execute('create schema if not exists more; checkpoint'); "
            "print(flush=True); sys.stdin.read()",
            str(tmp_path / "build.duckdb"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    build.stdout.readline()
    try:
        assert customer_analytics.score(path, tmp_path) == first
        with pytest.raises(BuildRunningError, match="a build is writing it"):
            Scorer(tmp_path)
    finally:
        build.communicate()
    assert customer_analytics.score(path, tmp_path) == first


def test_the_command_line_answers(shop, log, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CUSTOMER_ANALYTICS_WAREHOUSE", str(shop.warehouse))
    path = str(newcomer(log, tmp_path / "new.parquet", 0))
    assert cli.main(["score", "--orders", path, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["customer_id"] == NEW and told["status"] == "scored"
    assert {"target", "probability", "tier", "reasons", "status"} <= (
        told["predictions"][0].keys()
    )
    assert cli.main(["score", "--orders", path]) == 0
    assert capsys.readouterr().out.startswith(f"{NEW}: scored, as of {TODAY}")
    assert cli.main(["score", "--orders", str(tmp_path / "none.csv")]) == 1
    assert "error: The input cannot be used" in capsys.readouterr().err
