"""What was learned is read again as it was, and only where nothing has changed."""

import json
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pytest
import skops.io
from prediction_rows import shop
from scipy.sparse import csr_matrix

from customer_analytics import memory
from customer_analytics.memory import Memory, anew, fingerprint, recalling
from customer_analytics.predictions.backtest import back_test
from customer_analytics.predictions.first_orders import learn
from customer_analytics.predictions.models import KINDS, Vote, fit
from customer_analytics.predictions.training import Task, tasks
from customer_analytics.segments.algorithms import fit_kmeans
from customer_analytics.segments.candidates import Grid, candidates_for, fit_candidates

RESULT = {
    "texts": np.array(["b", None, "a", "b"], dtype=object),
    "numbers": np.array([0.1, np.nan, -np.inf, 1e-300]),
    "days": np.array(["2024-01-01"], dtype="datetime64[D]"),
    "rows": [("x", 1, 0.1, None, True), ({"a": [1.5]},)],
    "nothing": np.zeros(0, dtype=object),
}


@dataclass(frozen=True)
class Stranger:
    """Of no package that results are made of."""

    number: int


@pytest.fixture
def connection():
    with duckdb.connect() as session:
        yield session


@pytest.fixture
def calls(monkeypatch):
    """Count the calls of `fit_kmeans` where it is asked for through a memory."""
    made = []

    def counted(unit, function, *arguments, **settings):
        made.append(unit)
        return function(*arguments)

    monkeypatch.setattr(memory, "anew", counted)
    return made


def kept(connection) -> list[str]:
    rows = connection.sql("select unit from learned.labels").fetchall()
    return sorted(unit for (unit,) in rows)


def test_asked_again_nothing_is_learned_again(connection, calls):
    points = np.random.default_rng(0).normal(size=(60, 2))
    first = Memory(connection, "labels")("rfm", fit_kmeans, points, 3, 1)
    again = Memory(connection, "labels")("rfm", fit_kmeans, points.copy(), 3, 1)
    assert calls == ["rfm"]
    assert again.centres.tolist() == first.centres.tolist()
    assert kept(connection) == ["rfm"]


def test_what_is_changed_is_learned_anew_and_the_last_two_are_kept(connection, calls):
    points = np.random.default_rng(0).normal(size=(60, 2))
    remember = Memory(connection, "labels")
    for count in (3, 4, 5, 4):
        found = Memory(connection, "labels")("rfm", fit_kmeans, points, count, 1)
        assert len(found.centres) == count
    assert len(calls) == 3
    remember = Memory(connection, "labels")
    remember("rfm", fit_kmeans, points, 3, 1)
    assert len(calls) == 4
    remember("habits", fit_kmeans, points, 3, 1)
    assert kept(connection) == ["habits", "rfm", "rfm"]


def test_a_fit_is_kept_with_its_settings_and_its_day(connection):
    connection.execute(
        "create schema intermediate; create table intermediate.int_as_of_date as "
        "select date '2024-03-01' as learning_date"
    )
    points = np.random.default_rng(0).normal(size=(60, 2))
    Memory(connection, "labels")("rfm", fit_kmeans, points, 3, seed=np.int64(1))
    grid = Grid([2], [1.0], [0.1])
    Memory(connection, "labels")("all", candidates_for, points, grid)
    rows = connection.sql(
        "select parameters, learned_as_of::varchar from learned.labels order by unit"
    ).fetchall()
    assert [json.loads(parameters) for parameters, _ in rows] == [
        {"grid": vars(grid)},
        {"k": 3, "seed": 1},
    ]
    assert {date for _, date in rows} == {"2024-03-01"}


def test_what_was_learned_is_recalled_and_nothing_else(connection):
    points = np.random.default_rng(0).normal(size=(60, 2))
    first = Memory(connection, "labels")("rfm", fit_kmeans, points, 3, 1)
    connection.execute("create view learned.fits as from learned.labels")
    recall = recalling(connection)
    assert (
        recall("rfm", fit_kmeans, points, 3, 1).centres.tolist()
        == first.centres.tolist()
    )
    with pytest.raises(LookupError, match="rfm"):
        recall("rfm", fit_kmeans, points, 4, 1)


def test_a_table_of_an_earlier_version_is_read_on(connection, calls):
    points = np.random.default_rng(0).normal(size=(60, 2))
    Memory(connection, "labels")("rfm", fit_kmeans, points, 3, 1)
    for column in ("learned_as_of", "parameters"):
        connection.execute(f"alter table learned.labels drop column {column}")
    Memory(connection, "labels")("rfm", fit_kmeans, points, 3, 1)
    assert calls == ["rfm"]


def test_a_model_that_fails_later_leaves_what_was_learned(tmp_path, calls):
    points = np.random.default_rng(0).normal(size=(60, 2))
    with duckdb.connect(str(tmp_path / "build.duckdb")) as session:
        session.begin()
        Memory(session, "labels")("rfm", fit_kmeans, points, 3, 1)
        session.rollback()
        Memory(session, "labels")("rfm", fit_kmeans, points, 3, 1)
    assert calls == ["rfm"]


def test_results_come_back_as_they_were(connection):
    unpacked = memory._unpacked(memory._packed(RESULT))
    assert unpacked.keys() == RESULT.keys()
    for name in ("texts", "numbers", "days", "nothing"):
        assert unpacked[name].dtype == RESULT[name].dtype
        np.testing.assert_array_equal(unpacked[name], RESULT[name])
    assert unpacked["rows"] == RESULT["rows"]


@pytest.mark.parametrize("name", KINDS)
def test_a_stored_classifier_scores_as_a_fresh_one(name):
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(400, 5))
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    outcomes = rng.random(400) < 0.4
    fresh = Vote([fit(name, inputs, outcomes, KINDS[name].grid[0], seed=1)])
    stored = memory._unpacked(memory._packed(fresh))
    np.testing.assert_allclose(stored.score(inputs), fresh.score(inputs), atol=1e-9)


def test_stored_clusterings_label_as_fresh_ones():
    points = np.random.default_rng(0).normal(size=(300, 3))
    candidates = candidates_for(points, Grid([2, 3], [1.0], [0.05]))
    fresh = fit_candidates(points, candidates, 1)
    stored = memory._unpacked(memory._packed(fresh))
    assert len({candidate.algorithm for candidate in candidates}) == 5
    for one, other in zip(fresh, stored, strict=True):
        for first, second in zip(one.assign(points), other.assign(points), strict=True):
            np.testing.assert_array_equal(first, second)


def test_a_remembered_back_test_is_the_same_as_a_fresh_one(connection):
    settings = {
        **{"most_rows": 200, "rows_per_customer": 10, "half_life_days": 60},
        **{"models": ["logistic_regression", "xgboost"], "comparison_cutoffs": 1},
        **{"tuning_rows": 200, "threads": 2, "seed": 5},
    }
    fresh = back_test(*shop(), **settings)
    for _ in range(2):
        found = back_test(*shop(), **settings, remember=Memory(connection, "buys"))
        for columns, expected in zip(found, fresh, strict=True):
            for name, values in expected.items():
                np.testing.assert_array_equal(columns[name], values)


def changed_arguments():
    array = np.arange(6.0)
    masked = np.ma.MaskedArray(array, array > 3)
    text = np.array(["a", "b", "a"], dtype=object)
    vectors = np.empty(2, dtype=object)
    vectors[:] = [np.arange(2), np.arange(2)]
    changed = vectors.copy()
    changed[1] = np.arange(1, 3)
    return [
        (array, array.astype(np.float32)),
        (array, array.reshape(2, 3)),
        (array, array + 1e-12),
        (masked, np.ma.MaskedArray(array, array > 4)),
        (text, text[::-1][[1, 0, 2]]),
        (text, np.array(["a", "b", None], dtype=object)),
        (vectors, changed),
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
        (["ab", "c"], ["a", "bc"]),
        (1, 1.0),
        (Grid([2], [1.0], [0.1]), Grid([3], [1.0], [0.1])),
        (None, "None"),
    ]


@pytest.mark.parametrize(("one", "other"), changed_arguments())
def test_different_arguments_have_different_fingerprints(one, other):
    assert fingerprint(fit_kmeans, (one,)) != fingerprint(fit_kmeans, (other,))
    assert fingerprint(fit_kmeans, (one,)) == fingerprint(fit_kmeans, (one,))


def test_what_is_masked_does_not_count():
    values = [np.ma.MaskedArray([1.0, hidden], [False, True]) for hidden in (7, 9)]
    first, second = (fingerprint(fit_kmeans, (value,)) for value in values)
    assert first == second


def test_the_order_of_a_mapping_does_not_count():
    assert fingerprint(fit_kmeans, ({"a": 1, "b": 2},)) == fingerprint(
        fit_kmeans, ({"b": 2, "a": 1},)
    )


def test_other_functions_code_and_libraries_count(monkeypatch):
    before = fingerprint(fit_kmeans, (1,))
    assert fingerprint(fit_candidates, (1,)) != before
    monkeypatch.setattr(memory, "library_versions", lambda: "{}")
    assert fingerprint(fit_kmeans, (1,)) != before
    monkeypatch.undo()
    monkeypatch.setattr(memory, "_code_version", lambda package: "other")
    assert fingerprint(fit_kmeans, (1,)) != before


def test_a_task_knows_all_that_its_predictions_depend_on():
    task = next(
        tasks(*shop(), most_rows=200, rows_per_customer=10, half_life_days=60, seed=5)
    )
    other = replace(task, expected_change=task.expected_change + 1)
    assert isinstance(task, Task)
    assert fingerprint(fit_kmeans, (task,)) != fingerprint(fit_kmeans, (other,))


def test_what_has_no_fingerprint_is_refused():
    with pytest.raises(TypeError, match="function has no fingerprint"):
        fingerprint(fit_kmeans, (fit_kmeans,))


def test_types_of_others_are_not_read(connection):
    packed = skops.io.dumps({"a": Stranger(1)})
    assert skops.io.get_untrusted_types(data=packed)
    with pytest.raises(Exception, match="[Uu]ntrusted"):
        memory._unpacked(packed)


def test_without_a_memory_functions_are_called_and_told_what_to_report_to():
    said = []

    def add(first, second, *, times=1, report=None):
        report("adding")
        return (first + second) * times

    assert anew("sum", add, 1, 2, times=2, report=said.append) == 6
    assert said == ["adding"]


def test_what_could_not_be_read_again_is_not_kept(connection, monkeypatch):
    monkeypatch.setattr(memory, "OURS", "nobody.")
    points = np.random.default_rng(0).normal(size=(60, 2))
    Memory(connection, "labels")("rfm", fit_kmeans, points, 3, 1)
    assert kept(connection) == []


@pytest.mark.parametrize("kind", ["binary", "amount", "multiclass"])
def test_what_first_orders_teach_is_stored(kind):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 4))
    items = csr_matrix(rng.random((300, 30)) < 0.1, dtype=float)
    amounts = np.maximum(features[:, 0] + rng.normal(size=300), 0)
    outcomes = (
        np.where(amounts > 0, "buyer", "none") if kind == "multiclass" else amounts
    )
    fresh = learn(kind, features, items, np.arange(30), outcomes, 3, 1)
    packed = memory._packed(fresh)
    assert not memory._strange_types(packed)
    stored = memory._unpacked(packed)
    for model in ("average", "linear", "xgboost"):
        np.testing.assert_allclose(
            stored.predict(model, features, items),
            fresh.predict(model, features, items),
            atol=1e-9,
        )


def test_what_nobody_asks_for_is_forgotten(connection):
    points = np.random.default_rng(0).normal(size=(60, 2))
    Memory(connection, "labels")("rfm", fit_kmeans, points, 3, 1)
    Memory(connection, "labels")("habits", fit_kmeans, points, 3, 1)
    connection.execute(
        "update learned.labels set used_at = used_at - interval 401 day "
        "where unit = 'rfm'"
    )
    Memory(connection, "labels")
    assert kept(connection) == ["habits"]
