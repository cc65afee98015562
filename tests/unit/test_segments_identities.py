import itertools
import warnings

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_analytics.segments.identities import identify_segments

BEHAVIOUR = ("behaviour", "kmeans")
KINDS = {
    "feature_set": object,
    "algorithm": object,
    "label": np.int64,
    "feature": object,
    "centre": float,
    "unit": float,
    "customer_count": np.int64,
}


def centres(*groups, scheme=BEHAVIOUR, units=None):
    """Return rows of groups, each a label, its customers, and its centre by feature."""
    rows = [
        (*scheme, label, feature, centre, (units or {}).get(feature, 1), count)
        for label, count, features in groups
        for feature, centre in features.items()
    ]
    return {
        name: np.array([row[i] for row in rows], dtype=kind)
        for i, (name, kind) in enumerate(KINDS.items())
    }


def along_x(*positions, **scheme):
    """Return rows of groups with one feature; label 0 is the largest."""
    groups = [(i, 100 - i, {"x": x}) for i, x in enumerate(positions)]
    return centres(*groups, **scheme)


def joined(*tables):
    return {name: np.concatenate([t[name] for t in tables]) for name in tables[0]}


def identified(rows, earlier=None, *, max_drift=0.5, date="2024-02-01"):
    return identify_segments(rows, earlier, max_drift=max_drift, date=date)


def by_id(found, name, scheme=BEHAVIOUR):
    """Return a column's values by segment id; NaN as None."""
    own = (found["feature_set"] == scheme[0]) & (found["algorithm"] == scheme[1])
    ids, values = found["segment_id"][own].tolist(), found[name][own].tolist()
    return {i: None if v != v else v for i, v in zip(ids, values, strict=True)}


# The first build


def test_ids_of_the_first_build_go_by_size():
    groups = [(0, 5, {"x": 1.0}), (1, 80, {"x": 2.0}), (2, 9, {"x": 3.0})]
    found = identified(centres(*groups), date="2024-03-01")
    assert by_id(found, "label") == {1: 1, 2: 2, 3: 0}
    assert by_id(found, "centre") == {1: 2, 2: 3, 3: 1}
    assert by_id(found, "drift") == {1: None, 2: None, 3: None}
    assert set(found["status"]) == {"new"}
    assert set(found["first_date"]) == set(found["last_date"]) == {"2024-03-01"}


def test_ids_of_equally_large_groups_go_by_label():
    groups = [(label, 7, {"x": float(label)}) for label in (2, 0, 1)]
    assert by_id(identified(centres(*groups)), "label") == {1: 0, 2: 1, 3: 2}


def test_every_feature_of_a_segment_has_a_row():
    rows = centres((0, 9, {"y": 4.0, "x": 3.0}), (1, 8, {"y": 6.0, "x": 5.0}))
    found = identified(rows)
    assert found["segment_id"].tolist() == [1, 1, 2, 2]
    assert found["feature"].tolist() == ["x", "y"] * 2
    assert found["centre"].tolist() == [3, 4, 5, 6]


def test_ids_count_within_a_scheme():
    ward, attributes = ("behaviour", "ward"), ("attributes", "kmeans")
    found = identified(
        joined(
            along_x(0, 9),
            along_x(0, 5, 9, scheme=ward),
            centres((0, 3, {"z": 1.0}), scheme=attributes),
        )
    )
    assert list(by_id(found, "label")) == [1, 2]
    assert list(by_id(found, "label", ward)) == [1, 2, 3]
    assert list(by_id(found, "label", attributes)) == [1]


# The next builds


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_same_groups_keep_their_ids_whatever_their_labels(order):
    positions = [0.0, 4.0, 9.0]
    first = identified(along_x(*positions))
    found = identified(along_x(*(positions[i] for i in order)), first)
    assert by_id(found, "label") == {i + 1: order.index(i) for i in range(3)}
    assert by_id(found, "centre") == {1: 0, 2: 4, 3: 9}
    assert by_id(found, "drift") == {1: 0, 2: 0, 3: 0}
    assert set(found["status"]) == {"kept"}


def test_drift_is_measured_in_standard_deviations():
    # By 0.3 and 0.4 of the units: sqrt((0.09 + 0.16) / 2).
    units = {"x": 2, "y": 5}
    first = identified(centres((0, 9, {"x": 1.0, "y": 10.0}), units=units))
    found = identified(centres((0, 9, {"x": 1.6, "y": 8.0}), units=units), first)
    assert found["segment_id"].tolist() == [1, 1]
    assert found["drift"] == pytest.approx([0.3535534] * 2)
    assert found["centre"].tolist() == [1.6, 8]


@pytest.mark.parametrize(
    ("position", "statuses"),
    [
        (0.5, {1: "kept"}),
        (-0.5, {1: "kept"}),
        (0.51, {1: "retired", 2: "new"}),
        (-0.51, {1: "retired", 2: "new"}),
    ],
)
def test_a_group_too_far_away_is_another(position, statuses):
    found = identified(along_x(position), identified(along_x(0.0)), max_drift=0.5)
    assert by_id(found, "status") == statuses
    labels = {i: 0 if status != "retired" else None for i, status in statuses.items()}
    assert by_id(found, "label") == labels


def test_dates_tell_when_a_segment_was_there():
    first = identified(along_x(0, 9), date="2024-01-01")
    second = identified(along_x(0, 20), first, date="2024-02-01")
    found = identified(along_x(0, 20), second, date="2024-03-01")
    january, february, march = "2024-01-01", "2024-02-01", "2024-03-01"
    assert by_id(found, "status") == {1: "kept", 2: "retired", 3: "kept"}
    assert by_id(found, "first_date") == {1: january, 2: january, 3: february}
    assert by_id(found, "last_date") == {1: march, 2: january, 3: march}


def test_a_retired_id_is_never_given_again():
    first = identified(along_x(0, 9))
    second = identified(along_x(0), first)
    assert by_id(second, "status") == {1: "kept", 2: "retired"}
    # Even to the same group, and the highest id counts though it is gone.
    third = identified(along_x(0, 9), second)
    assert by_id(third, "status") == {1: "kept", 2: "retired", 3: "new"}
    fourth = identified(along_x(0, 9), third)
    assert by_id(fourth, "status") == {1: "kept", 2: "retired", 3: "kept"}


def test_new_groups_are_numbered_by_size_after_the_kept():
    first = identified(along_x(0, 9))
    groups = [(0, 1, {"x": 30.0}), (1, 2, {"x": 40.0}), (2, 3, {"x": 9.0})]
    found = identified(centres(*groups), first)
    assert by_id(found, "label") == {1: None, 2: 2, 3: 1, 4: 0}


@pytest.mark.parametrize("features", [{"y": 0.0}, {"x": 0.0, "y": 0.0}])
def test_other_features_make_other_segments(features):
    first = identified(along_x(0.0))
    found = identified(centres((0, 9, features)), first)
    assert by_id(found, "status") == {1: "retired", 2: "new"}
    assert found["feature"].tolist() == [*sorted(features), "x"]


# Pairs


def test_pairs_add_up_to_the_least_distance():
    # The nearest pair first would leave 0 to 1.9: 0.1 + 1.9 is more than 0.9 + 0.9.
    found = identified(along_x(0.9, 1.9), identified(along_x(0.0, 1.0)), max_drift=2)
    assert by_id(found, "centre") == {1: 0.9, 2: 1.9}
    assert by_id(found, "drift") == pytest.approx({1: 0.9, 2: 0.9})


def test_unmoved_segments_keep_their_ids_where_a_shift_would_keep_more():
    # Shifted by one, 2.9 would find the old 2, and nobody would be who they were.
    first = identified(along_x(0.0, 1.0, 2.0))
    found = identified(along_x(2.9, 1.0, 2.0), first, max_drift=1)
    assert by_id(found, "centre") == {1: 0.0, 2: 1.0, 3: 2.0, 4: 2.9}
    assert by_id(found, "status") == {1: "retired", 2: "kept", 3: "kept", 4: "new"}


def test_distance_counts_in_units_not_in_pounds():
    # In pounds the large feature would decide, in its units it hardly moves.
    units = {"x": 1, "pounds": 1000}
    old = [(0, 9, {"x": 0.0, "pounds": 0.0}), (1, 8, {"x": 2.0, "pounds": 90.0})]
    new = [(0, 9, {"x": 0.0, "pounds": 90.0}), (1, 8, {"x": 2.0, "pounds": 0.0})]
    found = identified(
        centres(*new, units=units), identified(centres(*old, units=units))
    )
    assert by_id(found, "label") == {1: 0, 2: 1}
    assert found["drift"] == pytest.approx([0.09 / 2**0.5] * 4)


POSITIONS = st.lists(st.integers(0, 20), min_size=1, max_size=5, unique=True)


@given(POSITIONS, POSITIONS, st.randoms(use_true_random=False))
def test_order_of_rows_and_labels_changes_no_id(old, new, random):
    # Groups of different sizes at different distances, so that nothing ties.
    groups = [(i, 50 - x, {"x": x + 0.01 * x**2}) for i, x in enumerate(new)]
    relabelled = [(9 - label, *rest) for label, *rest in groups]
    random.shuffle(relabelled)
    first = identified(along_x(*(x + 0.3 for x in old)))
    found = identified(centres(*groups), first, max_drift=1)
    shuffled = identified(centres(*relabelled), first, max_drift=1)
    for name in ("centre", "status", "drift"):
        assert by_id(shuffled, name) == by_id(found, name)


@given(st.lists(POSITIONS, min_size=2, max_size=6))
def test_no_id_ever_means_two_groups(builds):
    table, retired, known = None, set(), set()
    for positions in builds:
        table = identified(along_x(*positions), table, max_drift=1)
        status = by_id(table, "status")
        current = {i for i in status if status[i] in ("new", "kept")}
        assert len(status) == len(table["segment_id"])
        assert len(current) == len(positions)
        assert not retired & current
        assert known <= set(status) == set(range(1, len(status) + 1))
        assert {i for i in current if status[i] == "new"} == set(status) - known
        retired, known = set(status) - current, set(status)


# Schemes that come and go


def test_a_scheme_not_fitted_is_absent_and_gets_its_ids_back():
    ward = ("behaviour", "ward")
    both = joined(along_x(0, 9), along_x(0, 5, scheme=ward))
    second = identified(along_x(0, 9), identified(both, date="2024-01-01"))
    assert by_id(second, "status", ward) == {1: "absent", 2: "absent"}
    assert by_id(second, "label", ward) == {1: None, 2: None}
    assert set(by_id(second, "last_date", ward).values()) == {"2024-01-01"}
    third = identified(joined(along_x(0, 9), along_x(5, 0.1, scheme=ward)), second)
    assert by_id(third, "status", ward) == {1: "kept", 2: "kept"}
    assert by_id(third, "label", ward) == {1: 1, 2: 0}
    assert by_id(third, "drift", ward) == pytest.approx({1: 0.1, 2: 0})


def test_retired_stays_retired_while_its_scheme_is_absent():
    second = identified(along_x(0), identified(along_x(0, 9)))
    none = identified(along_x(), second)
    assert by_id(none, "status") == {1: "absent", 2: "retired"}
    found = identified(along_x(0, 9), none)
    assert by_id(found, "status") == {1: "kept", 2: "retired", 3: "new"}


def test_schemes_of_a_set_do_not_touch_each_other():
    ward = ("behaviour", "ward")
    first = identified(joined(along_x(0, 9), along_x(0, 9, scheme=ward)))
    found = identified(joined(along_x(0, 9), along_x(40, scheme=ward)), first)
    assert by_id(found, "status") == {1: "kept", 2: "kept"}
    assert by_id(found, "status", ward) == {1: "retired", 2: "retired", 3: "new"}


@pytest.mark.parametrize("with_earlier", [False, True])
def test_nothing_gives_an_empty_table_of_the_same_columns(with_earlier):
    full = identified(along_x(0))
    earlier = {name: column[:0] for name, column in full.items()}
    found = identified(along_x(), earlier if with_earlier else None)
    assert [(name, c.dtype, len(c)) for name, c in found.items()] == [
        (name, column.dtype, 0) for name, column in full.items()
    ]


# The last build comes out of the database


def stored(found):
    """Return the table as it comes back from the database."""
    session = duckdb.connect()
    session.register("found", found)
    session.execute("create table stored as select * from found")
    return session.execute("select * from stored").fetchnumpy()


def test_nulls_of_the_last_build_are_read_without_a_warning():
    first = stored(identified(along_x(0, 9)))
    assert first["drift"].mask.all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        second = stored(identified(along_x(0.2), first))
        third = identified(along_x(0.2), second)
    assert by_id(third, "status") == {1: "kept", 2: "retired"}
    assert by_id(third, "drift") == {1: 0, 2: None}


def test_the_database_changes_no_identity():
    ward = ("behaviour", "ward")
    both = joined(along_x(0, 9), along_x(0, 5, scheme=ward))
    found, from_database = identified(both), stored(identified(both))
    for rows in (along_x(0.4, 12), both, along_x(7), along_x(3, 5, scheme=ward)):
        found = identified(rows, found)
        from_database = stored(identified(rows, from_database))
        for name in ("label", "status", "centre", "first_date", "last_date"):
            assert by_id(from_database, name) == by_id(found, name)


def test_without_a_clock_there_are_no_dates():
    first = identified(along_x(0, 9), date=None)
    found = identified(along_x(0), stored(first), date=None)
    assert by_id(found, "first_date") == by_id(found, "last_date") == {1: None, 2: None}
