"""Wording of the problems."""

import duckdb
import pytest

from customer_analytics.input.problems import (
    InputError,
    counted,
    first_line,
    shown,
    shown_list,
)


def test_error_numbers_its_problems_once_each():
    error = InputError(["a.", "b.", "a."])

    assert str(error) == "The input cannot be used. 2 problems:\n  1. a.\n  2. b."
    assert str(InputError(["a."])).startswith("The input cannot be used. 1 problem:\n")


def test_values_are_quoted_on_one_line_and_cut():
    assert shown("a\n  b") == "'a b'"
    assert shown("x" * 100, 3) == "'xxx…'"
    assert shown_list(["a", "b", "c"], 2) == "'a', 'b' and 1 more"


@pytest.mark.parametrize(
    ("n", "text"), [(1, "1 row"), (0, "0 rows"), (2e3, "2,000 rows")]
)
def test_counts_have_their_plural(n, text):
    assert counted(int(n), "row") == text


def test_first_line_leaves_out_options_of_duckdb(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n1,2,3,4\n")
    with pytest.raises(duckdb.Error) as caught:
        duckdb.execute(
            f"from read_csv('{path}', auto_detect=false, delim=',', "
            "columns={'a': 'VARCHAR', 'b': 'VARCHAR'}, header=true)"
        ).fetchall()

    assert first_line(caught.value) == (
        "Invalid Input Error: CSV Error on Line: 3; Original Line: 1,2,3,4; "
        "Expected Number of Columns: 2 Found: 3"
    )
