"""Points in groups so far apart that every algorithm must find them."""

import numpy as np

CENTRES = np.array([[0.0, 0.0], [12.0, 0.0], [0.0, 12.0]])


def planted_blobs(size=40, seed=0):
    """Return points around CENTRES, shuffled, and the number of each one's centre."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(len(CENTRES)), size))
    return CENTRES[truth] + rng.normal(scale=0.6, size=(len(truth), 2)), truth


def sample_rows(points_by_set, earlier=()):
    """Return a sample table; earlier rows are given as (set, snapshot, positions)."""
    rows = [
        (name, 0, number, point)
        for name, points in points_by_set.items()
        for number, point in enumerate(points, start=1)
    ]
    for name, snapshot, positions in earlier:
        rows += [(name, snapshot, i + 1, points_by_set[name][i]) for i in positions]
    vectors = np.empty(len(rows), dtype=object)
    vectors[:] = [np.asarray(point, dtype=float) for *_, point in rows]
    return {
        "feature_set": np.array([row[0] for row in rows], dtype=object),
        "snapshot_number": np.array([row[1] for row in rows], dtype=np.int64),
        "sample_number": np.array([row[2] for row in rows], dtype=np.int64),
        "vector": vectors,
    }
