"""Files come, change, are half written, or cannot be used."""

import os

import pytest

from customer_analytics.watching import Outcome, Watch, look


class Shop:
    """A folder of order files, of which those that say so cannot be built."""

    def __init__(self, folder):
        self.folder, self.runs, self.said = folder, [], []
        self.watch = Watch(str(folder / "*.csv"), self.run, self.said.append)
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
