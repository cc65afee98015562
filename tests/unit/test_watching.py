"""Files come, change, are half written, or cannot be used."""

import os
from functools import partial

import duckdb
import pytest

from customer_analytics.watching import Outcome, TableLook, Watch, look


class Shop:
    """A folder of order files, of which those that say so cannot be built."""

    def __init__(self, folder):
        self.folder, self.runs, self.said = folder, [], []
        self.watch = Watch(
            partial(look, str(folder / "*.csv")), self.run, self.said.append
        )
        self.moment = 1_700_000_000

    def write(self, name, text="good"):
        self.moment += 1
        path = self.folder / name
        path.write_text(text)
        os.utime(path, (self.moment, self.moment))

    def run(self, left_out):
        files = sorted(look(str(self.folder / "*.csv")).keys() - set(left_out))
        texts = {os.path.basename(path): open(path).read() for path in files}
        self.runs.append(sorted(texts))
        bad = [name for name, text in texts.items() if text == "bad"]
        return Outcome(not bad, f"cannot read {bad[0]}" if bad else "scored")

    def rounds(self, count=2):
        return [self.watch.round() for _ in range(count)]


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def test_a_file_is_taken_once_it_has_looked_the_same_twice(shop):
    shop.write("a.csv")
    assert shop.rounds(3) == [False, True, False]
    assert shop.runs == [["a.csv"]]
    assert shop.said == ["a.csv: scored"]


def test_a_file_that_is_being_written_is_not_read(shop):
    shop.write("a.csv")
    shop.rounds()
    for size in range(3):
        shop.write("b.csv", "x" * size)
        assert shop.rounds(1) == [False]
    shop.write("c.csv")
    # c is new; b looks the same for the second time, and is taken without it.
    assert shop.rounds(1) == [True]
    assert shop.runs[-1] == ["a.csv", "b.csv"]
    assert shop.rounds(1) == [True]
    assert shop.runs[-1] == ["a.csv", "b.csv", "c.csv"]


def test_a_changed_file_is_taken_again_and_an_unchanged_one_is_not(shop):
    shop.write("a.csv")
    shop.rounds(5)
    shop.write("a.csv", "more")
    shop.rounds(5)
    assert shop.runs == [["a.csv"], ["a.csv"]]


def test_a_bad_file_is_set_aside_until_it_changes(shop):
    shop.write("a.csv")
    shop.rounds()
    shop.write("b.csv", "bad")
    assert shop.rounds(4) == [False] * 4
    assert shop.runs[1:] == [["a.csv", "b.csv"]]
    assert shop.said[-1] == (
        "set aside b.csv, published tables stay: cannot read b.csv"
    )
    shop.write("c.csv")
    shop.rounds()
    assert shop.runs[-1] == ["a.csv", "c.csv"]
    shop.write("b.csv", "mended")
    shop.rounds()
    assert shop.runs[-1] == ["a.csv", "b.csv", "c.csv"]


def test_of_several_new_files_only_the_bad_one_is_set_aside(shop):
    shop.write("a.csv")
    shop.write("b.csv", "bad")
    shop.write("c.csv")
    assert shop.rounds() == [False, True]
    assert shop.runs == [
        ["a.csv", "b.csv", "c.csv"],
        ["a.csv"],
        ["a.csv", "b.csv"],
        ["a.csv", "c.csv"],
    ]
    assert shop.rounds(3) == [False] * 3


def test_a_file_that_goes_is_left_out(shop):
    shop.write("a.csv")
    shop.write("b.csv")
    shop.rounds()
    (shop.folder / "b.csv").unlink()
    shop.rounds()
    assert shop.runs[-1] == ["a.csv"]
    assert shop.said[-1] == "1 left: scored"


def test_nothing_is_built_of_no_files(shop):
    assert shop.rounds(3) == [False] * 3
    assert shop.runs == []


def test_many_new_files_are_named_shortly(shop):
    for name in "abcde":
        shop.write(f"{name}.csv")
    shop.rounds()
    assert shop.said == ["a.csv, b.csv, c.csv and 2 more: scored"]


@pytest.fixture
def till(tmp_path):
    """Return a connection to a shop's database, and what looks at its orders."""
    path = tmp_path / "till.duckdb"
    attach = f"attach '{path}' as till (read_only)"

    def write(statement):
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)

    write("create table orders as select 1 as invoice, 2.5 as amount")
    return write, TableLook("till.main.orders", [attach], [path])


def test_a_table_is_scored_when_its_rows_change(till):
    write, look_at = till
    runs = []

    def run(left_out):
        runs.append(left_out)
        return Outcome(True, "scored")

    said = []
    watch = Watch(look_at, run, said.append)
    assert [watch.round() for _ in range(3)] == [False, True, False]
    write("insert into orders values (2, 1.0)")
    assert [watch.round() for _ in range(3)] == [False, True, False]
    # The same number of rows, and other tables of the same file.
    write("update orders set amount = 3.0 where invoice = 2")
    assert [watch.round() for _ in range(3)] == [False, True, False]
    write("create table visits as select 1 as id")
    assert [watch.round() for _ in range(3)] == [False] * 3
    assert runs == [[]] * 3
    assert said == ["till.main.orders: scored"] * 3


def test_a_table_that_cannot_be_used_is_set_aside_until_it_changes(till):
    write, look_at = till
    said = []
    watch = Watch(look_at, lambda _: Outcome(False, "no line"), said.append)
    assert [watch.round() for _ in range(4)] == [False] * 4
    assert said == ["set aside till.main.orders, published tables stay: no line"]


def test_a_table_is_read_only_where_its_file_has_changed(till, monkeypatch):
    write, look_at = till
    reads = []
    connect = duckdb.connect
    monkeypatch.setattr(
        "customer_analytics.watching.duckdb.connect",
        lambda *path: (reads.append(path), connect(*path))[1],
    )
    first = look_at()
    assert look_at() == first and reads == [()]
    write("insert into orders values (2, 1.0)")
    assert look_at() != first and reads.count(()) == 2


def test_a_table_that_is_being_written_is_what_it_was(till, monkeypatch):
    write, look_at = till
    first = look_at()
    write("insert into orders values (2, 1.0)")

    def locked():
        raise duckdb.IOException("Could not set lock")

    with monkeypatch.context() as context:
        context.setattr("customer_analytics.watching.duckdb.connect", locked)
        assert look_at() == first
    assert look_at() != first


def test_a_table_that_is_not_there_is_nothing_to_build_of(till):
    write, look_at = till
    write("drop table orders")
    assert look_at() == {}
