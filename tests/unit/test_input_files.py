"""Finding files."""

import pytest

from customer_analytics.input.files import (
    InputFile,
    file_beside,
    find_files,
    kind_of,
)
from customer_analytics.input.problems import InputError


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.csv", "a.csv.gz", "data [1].csv", "it's ü.xlsx", "x.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "sub").mkdir()


def problem_of(pattern: str) -> str:
    with pytest.raises(InputError) as caught:
        find_files(pattern, variable="transactions_path")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("name", ["b.csv", "data [1].csv", "it's ü.xlsx"])
def test_a_file_is_found_by_its_name_as_it_stands(name):
    assert find_files(name, variable="v") == [InputFile(name, kind_of(name))]


def test_glob_is_sorted_and_leaves_out(tmp_path):
    found = find_files(
        "[abd]*.csv*", variable="v", leave_out=[str(tmp_path / "data [1].csv")]
    )
    assert [(file.path, file.kind) for file in found] == [
        ("a.csv.gz", "csv"),
        ("b.csv", "csv"),
    ]


@pytest.mark.parametrize("pattern", ["nope.csv", "no*.csv", "sub", "s3://b/x.parquet"])
def test_nothing_found(pattern, tmp_path):
    problem = problem_of(pattern)
    assert problem.startswith(f"transactions_path: no file matches '{pattern}'")
    assert f"(working directory {tmp_path})" in problem
    assert "--vars '{transactions_path: " in problem


def test_empty_file():
    assert "'empty.csv' is empty (0 bytes)" in problem_of("empty.csv")


def test_unknown_kind_lists_those_known():
    problem = problem_of("x.txt")
    assert "'x.txt'" in problem
    assert ".parquet, .csv, .csv.gz, .xlsx" in problem


@pytest.mark.parametrize(
    ("path", "kind"),
    [("A.CSV", "csv"), ("a.csv.GZ", "csv"), ("a.parquet", "parquet"), ("a.gz", None)],
)
def test_kind(path, kind):
    assert kind_of(path) == kind


def test_file_beside(tmp_path):
    assert file_beside("sub/x*.csv", "people") == ""
    (tmp_path / "sub" / "people.csv").write_text("x")
    assert file_beside("sub/x*.csv", "people") == "sub/people.csv"
    assert file_beside("b.csv", "people") == ""
