"""What is told of a customer, as JSON has it and in words."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
SEGMENTS, RFM, PREDICTIONS, LIFETIME_VALUE, RECOMMENDATIONS = TABLES = (
    *("marts.customer_segments", "marts.customer_rfm", "marts.customer_predictions"),
    *("marts.customer_lifetime_value", "marts.customer_recommendations"),
)
SCORED = "scored"
# Columns that an answer names otherwise, or that are told once for all.
RECOMMENDED = {"product": "description", "score": "chance", "reason_text": "reason"}
LEFT_OUT = ("customer_id", "as_of_date", "reason_1", "reason_2", "reason_3")


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def answer(rows: dict[str, list[Row]], targets: Iterable[Row]) -> Row:
    """Return what is told of one customer.

    Parameters
    ----------
    rows : dict of str to list of dict
        The customer's, of each of `TABLES`.
    targets : iterable of dict
        What might be predicted of a customer: ``target``, ``status`` and ``reason``.

    Returns
    -------
    dict
        See `scorer.Scorer.score`.
    """
    if not rows[RFM]:
        return {"status": "no purchase of theirs was kept (docs/input.md says why)"}
    predicted = {row["target"]: row for row in rows[PREDICTIONS]}
    return {
        "status": SCORED,
        "segments": {
            row["feature_set"]: row["segment_name"]
            for row in rows[SEGMENTS]
            if row["is_chosen"]
        },
        "rfm": _told(rows[RFM][0]),
        "predictions": [_prediction(one, predicted) for one in targets],
        "lifetime_value": next(map(_told, rows[LIFETIME_VALUE]), None),
        "recommendations": [
            {RECOMMENDED.get(name, name): value for name, value in _told(row).items()}
            for row in rows[RECOMMENDATIONS]
        ],
    }


def _told(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in LEFT_OUT}


def _prediction(target: Row, predicted: dict[str, Row]) -> Row:
    row = predicted.get(target["target"])
    if row is not None:
        reasons = [row[f"reason_{number}"] for number in (1, 2, 3)]
        told = {"reasons": [reason for reason in reasons if reason]}
        return _told(row) | told | {"status": target["status"]}
    reason, status = target["reason"], target["status"]
    if status != "not served":
        reason, status = "it is not asked of this customer now", "not eligible"
    return {
        "target": target["target"],
        "probability": None,
        "reasons": [reason],
        "status": status,
    }


def as_text(told: Row, longest: int = 3) -> str:
    """Return an answer in lines to read.

    Parameters
    ----------
    told : dict
        What `scorer.Scorer.score` returned of a customer.
    longest : int
        Recommendations of a slot at most.

    Returns
    -------
    str
    """
    lines = [f"{told['customer_id']}: {told['status']}, as of {told['as_of_date']}"]
    if told["status"] != SCORED:
        return lines[0]
    lines += _aligned("segments", told["segments"].items())
    lines += _aligned(
        "predictions",
        [
            (one["target"], f"{one['probability']:.1%} ({one['tier']})")
            for one in told["predictions"]
            if one["probability"] is not None
        ],
    )
    value = told["lifetime_value"] or {}
    lines += _aligned(
        "lifetime value",
        [(k, v) for k, v in value.items() if v and not k.startswith("model_")],
    )
    lines += _aligned(
        "recommendations",
        [
            (f"{one['slot']} {one['rank']}", f"{one['description']}: {one['reason']}")
            for one in told["recommendations"]
            if one["rank"] <= longest
        ],
    )
    return "\n".join(lines)


def _aligned(title: str, pairs: Iterable[Sequence[Any]]) -> list[str]:
    return [f"  {title}", *(f"    {name:<28} {value}" for name, value in pairs)]
