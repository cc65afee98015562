"""Arrays as relations."""

import duckdb
import numpy as np
import pytest

from customer_analytics.relations import as_relation, as_table


def relation(**columns):
    session = duckdb.connect()
    return as_relation(session, "arrays", columns)


def test_values_arrive_as_they_are():
    found = relation(
        number=np.array([1, 2]),
        text=np.array(["é", None], dtype=object),
        share=np.array([0.5, np.nan]),
    )
    assert found.fetchall() == [(1, "é", 0.5), (2, None, None)]


@pytest.mark.parametrize("texts", [[], [None], ["a"]])
def test_text_is_text_whatever_the_rows(texts):
    found = relation(
        text=np.array(texts, dtype=object), number=np.zeros(len(texts), dtype=np.int64)
    )
    assert [str(kind) for kind in found.types] == ["VARCHAR", "BIGINT"]


def test_blocks_are_written_below_each_other():
    session = duckdb.connect()
    for last in ("b", "c"):
        blocks = [
            {"text": np.array(texts, dtype=object), "number": np.arange(len(texts))}
            for texts in ([], ["a"], [last, None])
        ]
        found = as_table(session, "rows", iter(blocks))
        assert [str(kind) for kind in found.types] == ["VARCHAR", "BIGINT"]
        # Written anew the second time.
        assert found.fetchall() == [("a", 0), (last, 0), (None, 1)]
