"""Judge what is served of Online Retail II by what came after, beside references."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.builds import ONLINE_RETAIL, ROOT
from benchmarks.report import print_table

SOURCE = "the project's published reference figures"


@dataclass(frozen=True)
class Reference:
    """A cut-off with the best figure of each kind that is to be reached.

    Attributes
    ----------
    date : str
        The as-of date that the product is built with.
    horizon_days : int
    share : float
        Of customers who buy in the window, 0..1.
    roc_auc, average_precision, brier : float
        Best of the row, each by whichever model had it.
    calibration_error : float
        Aim, at most.
    target : str
        The served target.
    """

    date: str
    horizon_days: int
    share: float
    roc_auc: float
    average_precision: float
    brier: float
    calibration_error: float
    target: str


REFERENCES = (
    Reference("2011-06-10", 90, 0.320, 0.825, 0.737, 0.149, 0.03, "purchase_90d"),
    Reference("2011-09-10", 90, 0.436, 0.807, 0.783, 0.186, 0.05, "purchase_90d"),
    Reference("2011-06-12", 180, 0.519, 0.811, 0.836, 0.177, 0.05, "purchase_180d"),
)
TARGETS = """target,description,population,kind,horizon_days,eligibility,positive_when
purchase_90d,Orders anything in 90 days,customer,binary,90,everyone,order
purchase_180d,Orders anything in 180 days,customer,binary,180,everyone,order
"""
# Orders of the whole log that came in the window: returns are not netted there.
OUTCOMES = """
    select distinct customer_id from later.intermediate.int_orders
    where ordered_date >= '{date}'::date
        and ordered_date < '{date}'::date + {horizon_days}
"""
JUDGED = """
    select predictions.probability, outcomes.customer_id is not null as is_positive
    from marts.customer_predictions as predictions
    left join outcomes using (customer_id)
    where predictions.target = '{target}'
"""
MEASURES = """
    with ranked as (
        select *, rank() over (order by probability)
            + (count(*) over (partition by probability) - 1) / 2.0 as mean_rank,
            least(floor(10 * probability), 9) as bin,
            count(*) over (order by probability desc) as taken,
            count(*) filter (where is_positive) over (order by probability desc) as hits
        from judged
    )
    select
        count(*), avg(is_positive::int), avg(probability),
        (sum(mean_rank) filter (where is_positive)
            - count_if(is_positive) * (count_if(is_positive) + 1) / 2)
            / (count_if(is_positive) * count_if(not is_positive)),
        avg(hits / taken) filter (where is_positive),
        avg((probability - is_positive::int) ** 2),
        (select sum(error) / sum(n) from (
            select abs(sum(probability - is_positive::int)) as error, count(*) as n
            from judged group by least(floor(10 * probability), 9)))
    from ranked
"""


def run(*, quick: bool) -> None:
    if not ONLINE_RETAIL.exists():
        print(f"skipped: there is no {ONLINE_RETAIL.name}")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        later = _build(root / "later", {}, ["--select", "+int_orders"])
        rows = []
        for reference in REFERENCES[:1] if quick else REFERENCES:
            rows += _judged(root, reference, later)
            print(f"  judged {reference.date}", flush=True)
    print_table(
        f"what is served, by what came after; figures to beat are {SOURCE}",
        [
            *("as of, days", "served by", "customers", "share", "predicted"),
            *("ROC-AUC", "AP", "Brier", "calibration error"),
        ],
        rows,
    )


def _judged(root: Path, reference: Reference, later: Path) -> list[list[str]]:
    variables = {"as_of_date": reference.date}
    path = _build(
        root / reference.date, variables, ["--select", "+customer_predictions"]
    )
    settings = {
        "date": reference.date,
        "horizon_days": reference.horizon_days,
        "target": reference.target,
    }
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute(f"attach '{later}' as later (read_only)")
        for name, sql in (("outcomes", OUTCOMES), ("judged", JUDGED)):
            connection.execute(f"create temp table {name} as {sql.format(**settings)}")
        ((count, share, predicted, *measures),) = connection.execute(
            MEASURES
        ).fetchall()
        ((model, variant),) = connection.execute(
            "select model, variant from evidence.chosen_models where target = ?",
            [reference.target],
        ).fetchall()
    key = f"{reference.date}, {reference.horizon_days}"
    wanted = (
        *(reference.roc_auc, reference.average_precision),
        *(reference.brier, reference.calibration_error),
    )
    return [
        [
            *(key, f"{model}, {variant}", f"{count:,}", f"{share:.3f}"),
            *(f"{predicted:.3f}", *(f"{value:.4f}" for value in measures)),
        ],
        [
            *("  to beat", "", "", f"{reference.share:.3f}", ""),
            *(f"{value:.3f}" for value in wanted),
        ],
    ]


def _build(folder: Path, variables: dict, arguments: list[str]) -> Path:
    """Build what is named into a folder, and return the database file."""
    # With the two targets alone: others would not change them.
    project = folder / "project"
    project.mkdir(parents=True)
    for entry in ROOT.iterdir():
        if entry.name not in {"seeds", "target", "warehouse", "logs", ".git"}:
            (project / entry.name).symlink_to(entry)
    (project / "seeds").mkdir()
    for seed in (ROOT / "seeds").iterdir():
        if seed.name != "prediction_targets.csv":
            (project / "seeds" / seed.name).symlink_to(seed)
    (project / "seeds" / "prediction_targets.csv").write_text(TARGETS)
    warehouse = folder / "warehouse"
    result = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "build", "--quiet"),
            *(
                "--vars",
                json.dumps({"transactions_path": str(ONLINE_RETAIL)} | variables),
            ),
            *("--project-dir", str(project), "--profiles-dir", str(ROOT)),
            *("--target-path", str(folder / "target")),
            *("--log-path", str(folder / "logs")),
            *("--exclude-resource-types", "test", *arguments),
        ],
        cwd=project,
        env=os.environ | {"CUSTOMER_ANALYTICS_WAREHOUSE": str(warehouse)},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(result.stdout[-2000:] + result.stderr[-2000:])
    return warehouse / "build.duckdb"
