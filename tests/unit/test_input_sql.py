"""Quoting."""

import duckdb
import pytest

from customer_analytics.input.sql import (
    file_literal,
    identifier,
    literal,
    name_parts,
)


@pytest.mark.parametrize("value", ["it's", "", "ü", 'a"b', 12, 2.5, None])
def test_literal_comes_back(value):
    got = duckdb.sql(f"select {literal(value)}").fetchall()[0][0]
    assert got is None if value is None else got == pytest.approx(value)


def test_identifier_holds_any_name():
    assert identifier("db", None, 'a "b".c') == '"db"."a ""b"".c"'


@pytest.mark.parametrize("name", ["a[1].csv", "it's *.csv", "what?.csv", "ü {x}.csv"])
def test_file_name_with_glob_characters_is_that_file(tmp_path, name):
    (tmp_path / name).write_text("a\n1\n")
    (tmp_path / "a1.csv").write_text("a\n2\n")
    path = file_literal(str(tmp_path / name))
    assert duckdb.sql(f"from read_csv({path})").fetchall() == [(1,)]


def test_name_parts():
    assert name_parts('db."my ""x"".y".t') == ["db", 'my "x".y', "t"]
