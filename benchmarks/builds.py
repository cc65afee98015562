"""Measure one `dbt build` in a process and a warehouse of its own."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Measured, run_measured

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "transactions.parquet"
# Beside the project, not in it: it may not be redistributed with it.
ONLINE_RETAIL = ROOT.parent / "shared" / "data" / "online_retail_II.parquet"
# Areas that fit models, which have benchmarks of their own, and what joins them.
FITTED = (
    *("tag:segments", "tag:lifetime_value", "tag:predictions", "tag:baskets"),
    *("tag:recommendations", "tag:model_runs", "tag:customers"),
)
# What dbt calls a node, and what the tables call it.
KINDS = {
    "model": "models",
    "test": "data tests",
    "unit_test": "unit tests",
    "seed": "seeds",
    "operation": "reading the input",
}


@dataclass(frozen=True)
class Build:
    """A finished build.

    Attributes
    ----------
    measured : Measured
    node_seconds : dict of str to float
        By dbt's unique id.
    warehouse_bytes : int
        Size of the database file.
    """

    measured: Measured
    node_seconds: dict[str, float]
    warehouse_bytes: int

    def split(self) -> dict[str, float]:
        """Return seconds by kind of node; the rest is dbt's start-up and parsing."""
        seconds = dict.fromkeys(KINDS.values(), 0.0)
        for node, taken in self.node_seconds.items():
            seconds[KINDS[node.split(".")[0]]] += taken
        return seconds | {
            "rest (dbt itself)": self.measured.seconds - sum(seconds.values())
        }

    def slowest_models(self, count: int = 5) -> list[tuple[str, float]]:
        """Return names and seconds of the models that took longest."""
        models = [
            (node.split(".")[-1], seconds)
            for node, seconds in self.node_seconds.items()
            if node.startswith("model.")
        ]
        return sorted(models, key=lambda model: -model[1])[:count]


def online_retail_path() -> tuple[Path, str]:
    """Return the real order log, or the bundled sample, and what to call it."""
    if ONLINE_RETAIL.exists():
        return ONLINE_RETAIL, "Online Retail II"
    return SAMPLE, f"bundled sample, as there is no {ONLINE_RETAIL.name}"


def run_build(
    transactions: Path | str,
    folder: Path,
    *,
    arguments: Sequence[str] = (),
    memory_limit: str | None = None,
    variables: Mapping[str, object] | None = None,
) -> Build:
    """Run `dbt build` from a process start to its end.

    Parameters
    ----------
    transactions : Path or str
        The order log, absolute; a glob too.
    folder : Path
        Existing folder for warehouse, target and logs; what an earlier build left
        there is used again.
    arguments : sequence of str
        Further arguments of `dbt build`.
    memory_limit : str, optional
        DuckDB's limit, such as ``2GB``; by default the project's own.
    variables : mapping, optional
        Variables of the project beside the order log.

    Returns
    -------
    Build
    """
    warehouse, target = folder / "warehouse", folder / "target"
    environment = {"CUSTOMER_ANALYTICS_WAREHOUSE": str(warehouse)}
    if memory_limit:
        environment["CUSTOMER_ANALYTICS_MEMORY_LIMIT"] = memory_limit
    variables = {"transactions_path": str(transactions)} | dict(variables or {})
    measured = run_measured(
        [
            *(sys.executable, "-m", "dbt.cli.main", "build"),
            *("--vars", json.dumps(variables), "--profiles-dir", str(ROOT)),
            *("--target-path", str(target), "--log-path", str(folder / "logs")),
            *arguments,
        ],
        cwd=ROOT,
        log_path=folder / "build.log",
        environment=environment,
        # Where DuckDB spills by default.
        spill_folder=warehouse / "build.duckdb.tmp",
    )
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    return Build(
        measured,
        {node["unique_id"]: node["execution_time"] for node in results["results"]},
        (warehouse / "build.duckdb").stat().st_size,
    )
