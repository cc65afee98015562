"""Forecasts of amounts as served on three days of the past, against what came.

The figures to beat are the project's published reference figures: sums of sales
without the returns that came later. Our forecasts are of amounts net of the returns
known by the end of the window; both are compared.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from scipy.stats import spearmanr

from benchmarks.builds import ONLINE_RETAIL, run_build
from benchmarks.report import print_table, show_seconds

NO_TESTS = ("--exclude-resource-types", "test")
FORECASTS = ("--select", "+customer_lifetime_value", *NO_TESTS)
ORDERS = ("--select", "+int_customer_outcomes", *NO_TESTS)
HEADER = ("bias", "MAE", "RMSE", "R2", "Spearman", "Gini", "top 10%")


@dataclass(frozen=True)
class Target:
    """A day, a horizon and the figures to beat, one row per reference model."""

    cutoff: str
    horizon: int
    max_bias: float
    figures: tuple[tuple[str, tuple[float, ...]], ...]


TARGETS = (
    Target(
        "2011-06-10",
        90,
        0.10,
        (
            ("last 90 days", (0.06, 282, 1353, 0.54, 0.50, 0.768, 0.641)),
            ("run-rate", (0.61, 382, 1287, 0.58, 0.51, 0.851, 0.642)),
            ("BG/NBD x GG", (0.13, 288, 1063, 0.72, 0.55, 0.860, 0.664)),
            ("forest", (-0.24, 255, 1198, 0.64, 0.54, 0.860, 0.669)),
        ),
    ),
    Target(
        "2011-09-10",
        90,
        0.20,
        (
            ("BG/NBD x GG", (-0.39, 425, 3115, 0.39, 0.58, 0.755, 0.570)),
            ("forest", (-0.48, 422, 3161, 0.37, 0.57, 0.719, 0.559)),
        ),
    ),
    Target(
        "2011-06-12",
        180,
        0.10,
        (
            ("last 180 days", (-0.31, 618, 3868, 0.51, 0.57, 0.773, 0.595)),
            ("run-rate", (0.11, 673, 3284, 0.64, 0.59, 0.782, 0.606)),
            ("BG/NBD x GG", (-0.18, 605, 3439, 0.61, 0.63, 0.829, 0.613)),
            ("forest", (-0.39, 630, 3872, 0.50, 0.61, 0.786, 0.607)),
        ),
    ),
)


def run(*, quick: bool) -> None:
    if not ONLINE_RETAIL.exists():
        print(f"  skipped: there is no {ONLINE_RETAIL.name}")
        return
    with tempfile.TemporaryDirectory() as root:
        whole = Path(root, "whole")
        whole.mkdir()
        run_build(ONLINE_RETAIL, whole, arguments=ORDERS)
        for target in TARGETS[:1] if quick else TARGETS:
            folder = Path(root, target.cutoff)
            folder.mkdir()
            build = run_build(
                ONLINE_RETAIL,
                folder,
                arguments=FORECASTS,
                variables={"as_of_date": target.cutoff},
            )
            _report(target, _served(folder, whole, target), build.measured.seconds)


def _served(folder: Path, whole: Path, target: Target) -> dict[str, np.ndarray]:
    """Return what was served, and what each customer bought afterwards."""
    days, end = target.horizon, f"date '{target.cutoff}' + {target.horizon}"
    with duckdb.connect() as connection:
        for name, path in (("served", folder), ("whole", whole)):
            file = path / "warehouse" / "build.duckdb"
            connection.execute(f"attach '{file}' as {name} (read_only)")
        return connection.execute(f"""
            with came as (
                select orders.customer_id, sum(gross_amount)::double as gross,
                    sum(gross_amount - coalesce(returned, 0))::double as net
                from whole.intermediate.int_orders as orders
                left join (
                    select order_id, sum(returned_amount) as returned
                    from whole.intermediate.int_return_matches
                    where returned_at::date < {end} group by order_id
                ) as returns using (order_id)
                where ordered_date >= '{target.cutoff}' and ordered_date < {end}
                group by orders.customer_id
            )
            select predicted_amount_{days}d::double as predicted,
                predicted_amount_{days}d_low::double as low,
                predicted_amount_{days}d_high::double as high,
                (net_amount_{days}d)::double as last_period,
                snapshots.net_amount::double * {days} / greatest(tenure_days, 30)
                    as run_rate,
                coalesce(gross, 0) as gross, coalesce(net, 0) as net,
                (select model from served.evidence.chosen_lifetime_value_models
                    where horizon_days = {days}) as model
            from served.marts.customer_lifetime_value
            inner join served.intermediate.int_customer_snapshots as snapshots
                using (customer_id)
            left join came using (customer_id)
            where snapshots.snapshot_date = '{target.cutoff}'
            order by customer_id
        """).fetchnumpy()


def _report(target: Target, served: dict[str, np.ndarray], seconds: float) -> None:
    rows = [
        [f"reference: {name}", *_shown(figures)] for name, figures in target.figures
    ]
    chosen = f"served ({served['model'][0]})"
    for kind in ("gross", "net"):
        for name, column in (
            (chosen, "predicted"),
            ("our last period", "last_period"),
            ("our run-rate", "run_rate"),
        ):
            found = measures(served[kind], served[column])
            rows.append([f"{name}, {kind}", *_shown(found)])
    inside = (served["low"] <= served["net"]) & (served["net"] <= served["high"])
    print_table(
        f"as of {target.cutoff}, {target.horizon} days, {len(inside):,} customers, "
        f"build {show_seconds(seconds)}; |bias| wanted <= {target.max_bias:.0%}; "
        f"in the 80 % interval: {inside.mean():.1%}",
        ["", *HEADER],
        rows,
    )


def _shown(figures: tuple[float, ...]) -> list[str]:
    formats = ("+.3f", ".0f", ".0f", ".3f", ".3f", ".3f", ".3f")
    return [format(value, kind) for value, kind in zip(figures, formats, strict=True)]


def measures(actual: np.ndarray, predicted: np.ndarray) -> tuple[float, ...]:
    """Return the measures of HEADER; ties are ranked by their mean rank."""
    errors = predicted - actual
    top = np.argsort(-predicted, kind="stable")[: -(-len(actual) // 10)]
    return (
        float(predicted.sum() / actual.sum() - 1),
        float(np.abs(errors).mean()),
        float(np.sqrt((errors**2).mean())),
        float(1 - (errors**2).sum() / ((actual - actual.mean()) ** 2).sum()),
        float(spearmanr(predicted, actual).statistic),
        _area(actual, predicted) / _area(actual, actual),
        float(actual[top].sum() / actual.sum()),
    )


def _area(actual: np.ndarray, by: np.ndarray) -> float:
    """Return the area between the curve of concentration and the diagonal, unscaled."""
    ordered = actual[np.argsort(-by, kind="stable")]
    return float(np.cumsum(ordered).sum() - ordered.sum() * (len(ordered) + 1) / 2)
