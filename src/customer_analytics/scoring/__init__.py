"""Answer for a few customers by what the last build learned, without a build.

A table of the score floor is true of each customer alone, or of the shop. The first are
made again of the orders of those who are asked for, by the SQL and the Python models
that the build recorded; the second are taken from the build as they are.
"""

from pathlib import Path
from typing import Any

from customer_analytics.scoring.answers import as_text
from customer_analytics.scoring.recorded import ScoringError
from customer_analytics.scoring.scorer import BuildRunningError, Scorer, build_path

__all__ = ["BuildRunningError", "Scorer", "ScoringError", "as_text", "score"]

_KEPT: dict[Path, tuple[tuple[int, int], Scorer]] = {}


def score(orders: Any, warehouse: Path | str | None = None) -> list[dict[str, Any]]:
    """Return what is known of customers by the last build; see `Scorer`.

    The first call reads what was learned, and so does the first one after a build;
    while one is running, answers are those of the build before it.

    Parameters
    ----------
    orders : path or data frame
        All order lines of these customers.
    warehouse : path, optional

    Returns
    -------
    list of dict
        See `Scorer.score`.
    """
    path = build_path(warehouse).resolve()
    kept = _KEPT.get(path)
    stamp = (path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else (0, 0)
    if kept is None or kept[0] != stamp:
        try:
            kept = _KEPT[path] = (stamp, Scorer(path.parent))
        except BuildRunningError:
            if kept is None:
                raise
    return kept[1].score(orders)
