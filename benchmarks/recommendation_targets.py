"""What is served at a past date against what customers then bought first.

The product is built as of the date, from the whole log, and its own tables are judged
by the orders that came afterwards: nothing here ranks or fits.
"""

import tempfile
from pathlib import Path

import duckdb

from benchmarks.builds import ONLINE_RETAIL, run_build
from benchmarks.report import print_table

DATES = ("2011-06-10", "2011-09-10")
HORIZON_DAYS = 90
NO_TESTS = ("--exclude-resource-types", "test")
ORDERS = ("--select", "+orders", "+order_lines")
AREAS = (
    "--select",
    "+tag:baskets",
    "+tag:recommendations",
    "--exclude",
    "tag:segments",
)
# The project's published reference figures: recall, NDCG, hit rate at 10.
FIGURES_TO_BEAT = {
    ("2011-06-10", "total"): {
        "personal frequency + popularity": (0.191, 0.308, 0.801),
        "TIFU-style kNN": (0.197, 0.319, 0.793),
    },
    ("2011-06-10", "discovery"): {"TIFU-style kNN": (0.077, 0.085, 0.393)},
    ("2011-09-10", "total"): {
        "personal frequency + popularity": (0.150, 0.275, 0.758),
        "TIFU-style kNN": (0.150, 0.274, 0.723),
    },
    ("2011-09-10", "discovery"): {"TIFU-style kNN": (0.045, 0.071, 0.340)},
}
# Mean confidence before and after 2011-06-10 of pair rules with confidence 0.5.
RULE_FIGURES = {30: (1144, 0.629, 0.532), 100: (478, 0.630, 0.578)}

TRUTH = """
    create temp table truth as
    with first_orders as (
        select customer_id, order_id, ordered_at from later.marts.orders
        where ordered_at >= '{date}'::date
            and ordered_at < '{date}'::date + {horizon}
            and customer_id in (
                select customer_id from later.marts.orders
                where ordered_at < '{date}'::date
            )
        qualify row_number() over (
            partition by customer_id order by ordered_at, order_id
        ) = 1
    )
    select distinct
        lines.customer_id,
        lines.product_id,
        (lines.customer_id, lines.product_id) in (
            select (customer_id, product_id) from later.marts.order_lines
            where line_type = 'sale' and ordered_at < '{date}'::date
        ) as is_repeat
    from later.marts.order_lines as lines
    inner join first_orders using (order_id)
    where lines.line_type = 'sale'
"""
JUDGED = """
    with wanted as (
        select customer_id, count(*) as n from truth where {truth} group by 1
    ),
    hits as (
        select truth.customer_id, {rank} as hit_rank
        from truth
        inner join marts.customer_recommendations using (customer_id, product_id)
        where {truth} and {served} and {rank} <= 10
    ),
    gains as (
        select customer_id, count(*) as hit_count, sum(ln(2) / ln(hit_rank + 1)) as gain
        from hits group by 1
    ),
    ideal as (
        select n, sum(ln(2) / ln(position + 1)) as gain
        from range(1, 11) as ranks(n), range(1, 11) as positions(position)
        where position <= n group by 1
    )
    select
        count(*),
        avg(coalesce(hit_count, 0) / wanted.n),
        avg(coalesce(gains.gain, 0) / ideal.gain),
        avg((hit_count is not null)::int)
    from wanted
    inner join ideal on ideal.n = least(wanted.n, 10)
    left join gains using (customer_id)
"""
SLOTS = {
    "total": ("true", "true", "overall_rank"),
    "repeat": ("is_repeat", "slot = 'repeat'", "rank"),
    "discovery": ("not is_repeat", "slot = 'discovery'", "rank"),
}
# Rules as they were served, and what became of them in the baskets after the date.
RULES_AFTER = """
    with rules as (
        select antecedent_id, consequent_id, confidence, confidence_low
        from marts.association_rules
        where basket_group = 'all' and antecedent_size = 1 and consequent_size = 1
            and confidence >= 0.5 and basket_count >= {least}
    ),
    baskets as (
        select distinct order_id, product_id from later.marts.order_lines
        where line_type = 'sale' and ordered_at >= '{date}'::date
    ),
    counted as (
        select
            rules.*,
            count(*) as antecedent_count,
            count(seconds.order_id) as joint_count
        from rules
        inner join baskets as firsts on firsts.product_id = rules.antecedent_id
        left join baskets as seconds
            on firsts.order_id = seconds.order_id
            and seconds.product_id = rules.consequent_id
        group by all
    )
    select
        count(*),
        avg(confidence),
        avg(confidence_low),
        avg(joint_count / antecedent_count),
        avg(confidence_low - joint_count / antecedent_count),
        sum(antecedent_count * confidence_low - joint_count) / sum(antecedent_count)
    from counted
"""


def run(*, quick: bool) -> None:
    if not ONLINE_RETAIL.exists():
        raise RuntimeError(f"{ONLINE_RETAIL.name} is not there")
    rows, rule_rows = [], []
    with tempfile.TemporaryDirectory() as root:
        whole = Path(root, "whole")
        whole.mkdir()
        run_build(ONLINE_RETAIL, whole, arguments=[*NO_TESTS, *ORDERS])
        for date in DATES[: 1 if quick else None]:
            folder = Path(root, date)
            folder.mkdir()
            run_build(
                ONLINE_RETAIL,
                folder,
                arguments=[*NO_TESTS, *AREAS],
                # As many baskets as the figures to beat ask for.
                variables={"as_of_date": date, "basket_min_support": 0},
            )
            with duckdb.connect(str(folder / "warehouse" / "build.duckdb")) as shop:
                later = whole / "warehouse" / "build.duckdb"
                shop.execute(f"attach '{later}' as later (read_only)")
                shop.execute(TRUTH.format(date=date, horizon=HORIZON_DAYS))
                rows += _slot_rows(shop, date)
                if date == DATES[0]:
                    rule_rows = _rule_rows(shop, date)
    print_table(
        "first basket within 90 days, at 10: what was served, and the project's "
        "published reference figures",
        ["date", "slot", "source", "customers", "recall", "NDCG", "hit rate"],
        rows,
    )
    print_table(
        f"pair rules served as of {DATES[0]}, confidence 0.5; the baskets after",
        ["baskets", "source", "rules", "confidence", "lower bound", "after"]
        + ["bound off by", "weighted"],
        rule_rows,
    )


def _slot_rows(shop: duckdb.DuckDBPyConnection, date: str) -> list[list]:
    rows = []
    for slot, (truth, served, rank) in SLOTS.items():
        sql = JUDGED.format(truth=truth, served=served, rank=rank)
        ((count, *figures),) = shop.execute(sql).fetchall()
        rows.append([date, slot, "served", f"{count:,}", *_rounded(figures)])
        for source, known in FIGURES_TO_BEAT.get((date, slot), {}).items():
            rows.append([date, slot, source, "", *_rounded(known)])
    return rows


def _rule_rows(shop: duckdb.DuckDBPyConnection, date: str) -> list[list]:
    rows = []
    for least, (count, before, after) in RULE_FIGURES.items():
        sql = RULES_AFTER.format(least=least, date=date)
        ((found, *figures),) = shop.execute(sql).fetchall()
        rows.append([f"{least}+", "served", f"{found:,}", *_rounded(figures)])
        rows.append([f"{least}+", "reference", f"{count:,}", before, "", after, "", ""])
    return rows


def _rounded(values) -> list[str]:
    return [f"{value:.3f}" for value in values]
