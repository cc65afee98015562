import duckdb
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from customer_analytics.segments import assignment
from customer_analytics.segments.algorithms import (
    NearestCentre,
    NearestNeighbour,
    fit_mixture,
)
from customer_analytics.segments.assignment import assign_customers, last_rows

POINTS = np.random.default_rng(0).normal(size=(23, 2))
SOLUTIONS = {
    ("behaviour", "kmeans"): NearestCentre(np.array([[-1.0, 0.0], [1.0, 0.0]])),
    ("behaviour", "gaussian_mixture"): fit_mixture(POINTS, POINTS[:2], seed=0),
    ("attributes", "dbscan"): NearestNeighbour(
        np.array([[0.0, 0.0, 0.0]]), np.array([4]), np.array([1.0])
    ),
}
NOW = [(*scheme, None) for scheme in SOLUTIONS]
COLUMNS = ["assignment_number", "customer_number", "label", "membership_probability"]


@pytest.fixture(autouse=True)
def one_thread():
    """Spare threads that, on so few points, would only wait for each other."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture
def session():
    """Return a connection to 23 customers by behaviour, now and at a date, and 2."""
    connection = duckdb.connect()
    connection.execute(
        "create table vectors (feature_set varchar, customer_number bigint, "
        "snapshot_date date, is_as_of_date boolean, vector double[])"
    )
    order = np.random.default_rng(1).permutation(len(POINTS))
    rows = [
        ("behaviour", 100 + int(i), date, date > "2024-05", (sign * POINTS[i]).tolist())
        for i in order
        for date, sign in [("2024-05-17", 1), ("2024-04-01", -1)]
    ]
    rows.append(("attributes", 100, "2024-05-17", True, [0.6, 0.0, 0.8]))
    rows.append(("attributes", 101, "2024-05-17", True, [0.9, 0.0, 0.8]))
    connection.executemany("insert into vectors values (?, ?, ?, ?, ?)", rows)
    return connection


def assigned(session, due=NOW):
    """Return (set, algorithm, date, customer, label, probability) of all, in order."""
    numbered = [(number, *assignment) for number, assignment in enumerate(due)]
    table = assign_customers(session, session.table("vectors"), numbered, SOLUTIONS)
    return [(*due[number], *row) for number, *row in table.fetchall()]


def test_every_customer_is_labelled_once(session):
    rows = assigned(session)
    keys = [row[:4] for row in rows]
    assert len(set(keys)) == len(keys) == 23 + 23 + 2
    behaviour = [("behaviour", name) for name in ("kmeans", "gaussian_mixture")]
    assert set(keys) == {
        *((*scheme, None, 100 + i) for scheme in behaviour for i in range(23)),
        *(("attributes", "dbscan", None, 100 + i) for i in range(2)),
    }


def test_labels_are_those_of_the_solution(session):
    labels = {row[1:4:2]: row[4:] for row in assigned(session)}
    expected, probabilities = SOLUTIONS["behaviour", "gaussian_mixture"].assign(POINTS)
    for i in range(23):
        label, probability = labels["gaussian_mixture", 100 + i]
        assert label == expected[i]
        assert probability == pytest.approx(probabilities[i])
        assert labels["kmeans", 100 + i] == (int(POINTS[i, 0] > 0), None)


def test_noise_keeps_its_label(session):
    rows = assigned(session, [("attributes", "dbscan", None)])
    assert [row[3:] for row in rows] == [(100, 4, None), (101, -1, None)]


@pytest.mark.parametrize("size", [7, 22, 23])
def test_blocks_give_the_labels_of_one_block(session, monkeypatch, size):
    whole = sorted(assigned(session), key=lambda row: row[1:4:2])
    monkeypatch.setattr(assignment, "BLOCK_SIZE", size)
    blocks = sorted(assigned(session), key=lambda row: row[1:4:2])
    assert [row[:5] for row in blocks] == [row[:5] for row in whole]
    expected = [-1 if row[5] is None else row[5] for row in whole]
    found = [-1 if row[5] is None else row[5] for row in blocks]
    assert found == pytest.approx(expected)


def test_customers_of_a_date_are_labelled_as_they_were_then(session):
    now, then = ([("behaviour", "kmeans", date)] for date in (None, "2024-04-01"))
    labels_now = {row[3]: row[4] for row in assigned(session, now)}
    rows = assigned(session, then)
    # The points of that date are those of now, mirrored.
    assert {row[3]: 1 - row[4] for row in rows} == labels_now
    assert {row[2] for row in rows} == {"2024-04-01"}


@pytest.mark.parametrize(
    "due", [[], [(1, "behaviour", "kmeans", "2020-01-01")]], ids=["none", "nobody then"]
)
def test_nobody_due_gives_an_empty_table_of_the_same_columns(session, due):
    vectors = session.table("vectors")
    found = assign_customers(session, vectors, due, SOLUTIONS)
    assert found.fetchall() == []
    assert found.columns == COLUMNS


def test_nothing_is_left_of_an_earlier_call(session):
    once = assigned(session)
    assert assigned(session) == once
    tables = session.sql("select table_name from duckdb_tables() order by 1").fetchall()
    views = session.sql("from duckdb_views() where not internal").fetchall()
    assert tables == [("assigned_customers",), ("vectors",)]
    assert views == []


def test_solution_that_is_missing_is_an_error(session):
    with pytest.raises(KeyError, match="ward"):
        assigned(session, [("behaviour", "ward", None)])


# The last build


@pytest.mark.parametrize("table", ['"main"."ids"', '"nowhere"."ids"'])
def test_a_missing_table_has_no_rows(table):
    assert last_rows(duckdb.connect(), table) is None


def test_last_rows_are_those_of_the_table():
    session = duckdb.connect()
    session.execute('create table "Ids" as select 7 as id, null::double as drift')
    rows = last_rows(session, '"main"."Ids"')
    assert rows["id"].tolist() == [7]
    assert rows["drift"].mask.tolist() == [True]
