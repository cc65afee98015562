"""Keep a segment's id from build to build, as long as it is the same group."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

Columns = dict[str, np.ndarray]
Scheme = tuple[str, str]

NEW, KEPT, RETIRED, ABSENT = "new", "kept", "retired", "absent"


@dataclass(frozen=True)
class Segment:
    """A group of a scheme with its centre.

    Attributes
    ----------
    segment_id : int
        From 1 within the scheme, never given twice; 0 before it is known.
    label : int or None
        What this build's solution calls it; None where this build has no such group.
    centre : mapping of str to float
        Mean by feature, before standardising.
    status : str
        new, kept, retired, or absent where the scheme was not fitted in this build.
    drift : float
        How far the centre is from that of the last build, in standard deviations (root
        mean square over the features), 0 or more; NaN where there was none.
    first_date, last_date : str or None
        As-of dates of the first and the last build that had the group.
    """

    segment_id: int
    label: int | None
    centre: Mapping[str, float]
    status: str = NEW
    drift: float = np.nan
    first_date: str | None = None
    last_date: str | None = None


def identify_segments(
    centres: Columns, earlier: Columns | None, *, max_drift: float, date: str | None
) -> Columns:
    """Give the groups of this build the ids of the last build's same groups.

    Old and new centres are paired so that the distances add up to least (Kuhn 1955),
    where a pair further apart than ``max_drift`` is two groups and counts as that. A
    new group gets the next free id, the larger group first; a gone one keeps its own
    for ever.

    Parameters
    ----------
    centres : dict of arrays of shape (n_groups * n_features,)
        ``feature_set``, ``algorithm``, ``label``, ``feature``, ``centre``, ``unit``
        (standard deviation of the feature) and ``customer_count``.
    earlier : dict of arrays or None
        The result of the last build.
    max_drift : float
        In standard deviations, root mean square over the features.
    date : str or None
        As-of date of this build, written to the groups it has.

    Returns
    -------
    dict of arrays of shape (n_segments * n_features,)
        ``feature_set``, ``algorithm``, ``segment_id``, ``label`` (float, NaN where this
        build has no such group), ``feature``, ``centre``, ``status``, ``drift``,
        ``first_date``, ``last_date``; retired groups included.
    """
    units = _units(centres)
    fresh, known = _new_segments(centres), _earlier_segments(earlier)
    rows: list[tuple] = []
    for scheme in sorted(fresh.keys() | known.keys()):
        old = known.get(scheme, [])
        if scheme in fresh:
            segments = _match(fresh[scheme], old, units[scheme[0]], max_drift, date)
        else:
            segments = [_changed(s, label=None, status=_gone(s, ABSENT)) for s in old]
        rows += [row for segment in segments for row in _rows(scheme, segment)]
    return _columns(rows)


def _match(
    new: list[Segment],
    old: list[Segment],
    units: Mapping[str, float],
    max_drift: float,
    date: str | None,
) -> list[Segment]:
    candidates = [
        s for s in old if s.status != RETIRED and s.centre.keys() == units.keys()
    ]
    pairs = _pairs(new, candidates, units, max_drift)
    next_id = 1 + max((s.segment_id for s in old), default=0)
    result = []
    for index, segment in enumerate(new):
        if index in pairs:
            match, drift = pairs[index]
            result.append(
                _changed(
                    segment,
                    segment_id=match.segment_id,
                    status=KEPT,
                    drift=drift,
                    first_date=match.first_date,
                    last_date=date,
                )
            )
        else:
            result.append(
                _changed(segment, segment_id=next_id, first_date=date, last_date=date)
            )
            next_id += 1
    kept = {match.segment_id for match, _ in pairs.values()}
    gone = [s for s in old if s.segment_id not in kept]
    return result + [_changed(s, label=None, status=RETIRED) for s in gone]


def _pairs(
    new: list[Segment],
    old: list[Segment],
    units: Mapping[str, float],
    max_drift: float,
) -> dict[int, tuple[Segment, float]]:
    """Return old segment and distance by position of the new segment."""
    if not new or not old:
        return {}
    features = sorted(units)
    scale = np.array([units[feature] for feature in features])
    first = np.array([[s.centre[f] for f in features] for s in new]) / scale
    second = np.array([[s.centre[f] for f in features] for s in old]) / scale
    distances = np.sqrt(((first[:, None] - second[None]) ** 2).mean(axis=2))
    # Two groups that are not the same cost what the largest drift costs, so that groups
    # which have not moved are never shifted to find one more pair.
    cost = np.minimum(distances, max_drift)
    return {
        int(i): (old[j], float(distances[i, j]))
        for i, j in zip(*linear_sum_assignment(cost), strict=True)
        if distances[i, j] <= max_drift
    }


def _units(centres: Columns) -> dict[str, dict[str, float]]:
    units: dict[str, dict[str, float]] = {}
    for feature_set, feature, unit in zip(
        centres["feature_set"], centres["feature"], centres["unit"], strict=True
    ):
        units.setdefault(str(feature_set), {})[str(feature)] = float(unit)
    return units


def _new_segments(centres: Columns) -> dict[Scheme, list[Segment]]:
    """Return each scheme's groups, the largest first."""
    groups: dict[tuple, dict[str, float]] = {}
    for i in range(len(centres["label"])):
        scheme = str(centres["feature_set"][i]), str(centres["algorithm"][i])
        key = scheme, -int(centres["customer_count"][i]), int(centres["label"][i])
        groups.setdefault(key, {})[str(centres["feature"][i])] = float(
            centres["centre"][i]
        )
    found: dict[Scheme, list[Segment]] = {}
    for scheme, size, label in sorted(groups):
        centre = groups[scheme, size, label]
        found.setdefault(scheme, []).append(Segment(0, label, centre))
    return found


def _earlier_segments(earlier: Columns | None) -> dict[Scheme, list[Segment]]:
    groups: dict[tuple[Scheme, int], tuple[int, dict[str, float]]] = {}
    if earlier is None:
        return {}
    for i in range(len(earlier["segment_id"])):
        scheme = str(earlier["feature_set"][i]), str(earlier["algorithm"][i])
        key = scheme, int(earlier["segment_id"][i])
        centre = groups.setdefault(key, (i, {}))[1]
        centre[str(earlier["feature"][i])] = float(earlier["centre"][i])
    # Nulls come from the database as masked values.
    drifts = np.ma.filled(earlier["drift"], np.nan)
    found: dict[Scheme, list[Segment]] = {}
    for (scheme, segment_id), (i, centre) in sorted(groups.items()):
        found.setdefault(scheme, []).append(
            Segment(
                segment_id,
                None,
                centre,
                str(earlier["status"][i]),
                float(drifts[i]),
                _text(earlier["first_date"][i]),
                _text(earlier["last_date"][i]),
            )
        )
    return found


def _text(value: object) -> str | None:
    return None if value is None or value is np.ma.masked else str(value)


def _gone(segment: Segment, status: str) -> str:
    return RETIRED if segment.status == RETIRED else status


def _changed(segment: Segment, **changes: object) -> Segment:
    return Segment(**(segment.__dict__ | changes))


def _rows(scheme: Scheme, segment: Segment) -> list[tuple]:
    return [
        (
            *scheme,
            segment.segment_id,
            np.nan if segment.label is None else float(segment.label),
            feature,
            segment.centre[feature],
            segment.status,
            segment.drift,
            segment.first_date,
            segment.last_date,
        )
        for feature in sorted(segment.centre)
    ]


def _columns(rows: list[tuple]) -> Columns:
    kinds = {
        "feature_set": object,
        "algorithm": object,
        "segment_id": np.int64,
        "label": float,
        "feature": object,
        "centre": float,
        "status": object,
        "drift": float,
        "first_date": object,
        "last_date": object,
    }
    return {
        name: np.array([row[i] for row in rows], dtype=kind)
        for i, (name, kind) in enumerate(kinds.items())
    }
