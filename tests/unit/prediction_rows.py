"""A small shop for tests of predictions: who bought lately buys again."""

import numpy as np

START = int(np.datetime64("2024-01-01", "D").astype(int))
STEP, HORIZON = 30, 30


def shop(customers=120, snapshots=8, *, seed=0, leak=False):
    """Return inputs, labels and training windows of a target that one feature tells.

    The last snapshot is as of now: nothing is known of what came after it. With
    ``leak`` a feature holds the outcome itself.
    """
    rng = np.random.default_rng(seed)
    days = np.repeat(START + STEP * np.arange(snapshots), customers)
    numbers = np.tile(np.arange(1, customers + 1), snapshots)
    signal = rng.normal(size=len(days))
    outcome = rng.random(len(days)) < 1 / (1 + np.exp(-2 * signal))
    noise = rng.normal(size=len(days))
    noise[::7] = np.nan
    inputs = {
        "feature_row": np.arange(len(days)),
        "customer_number": numbers,
        "is_sampled": np.ones(len(days), bool),
        "is_as_of_date": days == days.max(),
        "signal": signal,
        "noise": np.ma.masked_invalid(noise),
    }
    if leak:
        inputs["future"] = outcome + 0.0
    labels = {
        "target": np.full(len(days), "buys", dtype=object),
        "feature_row": np.arange(len(days)),
        "customer_number": numbers,
        "snapshot_date": days.astype("datetime64[D]"),
        "is_positive": np.ma.array(outcome, mask=days == days.max()),
    }
    return inputs, labels, windows(snapshots)


def windows(snapshots=8, first_cutoff=3):
    """Return training windows of every cut-off from one on; the last one serves."""
    rows = [
        (cutoff, snapshot)
        for cutoff in range(first_cutoff, snapshots)
        for snapshot in range(cutoff)
        if (cutoff - snapshot) * STEP >= HORIZON
    ]
    cutoffs = np.array([cutoff for cutoff, _ in rows])
    known = np.array([snapshot for _, snapshot in rows])
    return {
        "target": np.full(len(rows), "buys", dtype=object),
        "positive_when": np.full(len(rows), "order", dtype=object),
        "cutoff_date": (START + STEP * cutoffs).astype("datetime64[D]"),
        "tuning_date": np.full(len(rows), START + STEP * first_cutoff).astype(
            "datetime64[D]"
        ),
        "snapshot_date": (START + STEP * known).astype("datetime64[D]"),
        "horizon_days": np.full(len(rows), HORIZON),
        "is_serving": cutoffs == snapshots - 1,
        "observed_change": np.full(len(rows), 0.0),
        "expected_change": np.full(len(rows), 0.0),
    }
