"""Customer analytics from raw order lines, as one dbt build."""

from typing import Any

__all__ = ["Scorer", "build", "customer", "score"]


def __getattr__(name: str) -> Any:
    """Import what builds and answers once it is asked for: it is slow."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from customer_analytics import building, customer_facts, scoring

    homes = {"build": building, "customer": customer_facts}
    return getattr(homes.get(name, scoring), name)
