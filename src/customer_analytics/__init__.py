"""Customer analytics from raw order lines, as one dbt build."""

from typing import Any

__all__ = ["Scorer", "score"]


def __getattr__(name: str) -> Any:
    """Import what answers for single customers once it is asked for: it is slow."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from customer_analytics import scoring

    return getattr(scoring, name)
