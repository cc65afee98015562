"""Frequent itemsets: our engine against mlxtend and, where it is installed, PyFIM."""

import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.builds import ROOT, online_retail_path, run_build
from benchmarks.measure import run_measured
from benchmarks.report import print_table, show_bytes, show_seconds

SUPPORTS = (0.01, 0.005, 0.002, 0.001)
# mlxtend beyond its first level of patience.
MLXTEND_LEAST_SUPPORT = 0.005
MAX_SIZE = 4
# Baskets of known customers, as TARGETS and the literature count them.
BASKETS = """
    with lines as (
        select distinct order_id, product_id from marts.order_lines
        where line_type = 'sale' and customer_id is not null
    )
    select
        dense_rank() over (order by order_id) - 1 as basket,
        dense_rank() over (order by product_id) - 1 as item
    from lines order by basket, item
"""
WORKER = f"""
import json, sys, time
import numpy as np
data = np.load(sys.argv[1]); basket, item = data["basket"], data["item"]
least = int(sys.argv[3])
if sys.argv[2] == "ours":
    from customer_analytics.baskets.bitsets import frequent_itemsets
    started = time.process_time()
    found = frequent_itemsets(basket, item, min_count=least, max_size={MAX_SIZE})
    count = sum(len(sizes.items) for sizes in found)
elif sys.argv[2] == "PyFIM":
    import fim
    ends = np.flatnonzero(np.diff(basket)) + 1
    baskets = [part.tolist() for part in np.split(item, ends)]
    started = time.process_time()
    count = len(fim.fpgrowth(baskets, supp=-least, zmax={MAX_SIZE}))
else:
    import pandas as pd
    from mlxtend import frequent_patterns
    from scipy.sparse import csr_matrix
    held = csr_matrix((np.ones(len(item), dtype=bool), (basket, item)))
    frame = pd.DataFrame(held.toarray())
    engine, _, low = sys.argv[2].partition(" ")[2].partition(" ")
    settings = {{"low_memory": True}} if low else {{}}
    started = time.process_time()
    count = len(getattr(frequent_patterns, engine)(
        frame, (least - 0.5) / len(frame), max_len={MAX_SIZE}, **settings))
print(json.dumps([count, time.process_time() - started]))
"""


def run(*, quick: bool) -> None:
    path, name = online_retail_path()
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        arguments = ["--exclude-resource-types", "test"]
        run_build(path, folder, arguments=[*arguments, "--select", "+order_lines"])
        with duckdb.connect(str(folder / "warehouse" / "build.duckdb")) as connection:
            columns = connection.execute(BASKETS).fetchnumpy()
        baskets = folder / "baskets.npz"
        np.savez(baskets, **{name: np.asarray(v) for name, v in columns.items()})
        count = int(columns["basket"].max()) + 1
        engines = ["ours", "mlxtend fpgrowth", "mlxtend apriori low_memory"]
        if importlib.util.find_spec("fim"):
            engines.append("PyFIM")
        rows = []
        for support in SUPPORTS[: 2 if quick else None]:
            least = int(np.ceil(round(support * count, 6)))
            for engine in engines:
                if engine.startswith("mlxtend") and support < MLXTEND_LEAST_SUPPORT:
                    continue
                measured = run_measured(
                    [sys.executable, "-c", WORKER, str(baskets), engine, str(least)],
                    cwd=ROOT,
                    log_path=folder / "worker.log",
                )
                found, seconds = json.loads(measured.log.splitlines()[-1])
                rows.append(
                    [
                        support,
                        engine,
                        f"{found:,}",
                        show_seconds(seconds),
                        show_bytes(measured.peak_rss),
                    ]
                )
        print_table(
            f"itemsets of up to {MAX_SIZE} in {count:,} baskets of known customers "
            f"({name}); CPU seconds of the search alone, peak memory of the process",
            ["support", "engine", "itemsets", "seconds", "memory"],
            rows,
        )


def run_scale(*, quick: bool) -> None:
    """Mine baskets and recommend from a generated log of 1 and 10 million lines."""
    from customer_analytics.sample import stream_transactions

    rows = []
    for size in [200_000] if quick else [1_000_000, 10_000_000]:
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root)
            (folder / "log").mkdir()
            stream_transactions(size, folder / "log", seed=1)
            arguments = ["--exclude-resource-types", "test", "--select"]
            arguments += ["+tag:baskets", "+tag:recommendations", "--exclude"]
            build = run_build(
                folder / "log" / "*.parquet",
                folder,
                arguments=[*arguments, "tag:segments"],
                memory_limit="2GB",
            )
            own = {
                node.split(".")[-1]: seconds
                for node, seconds in build.node_seconds.items()
                if node.startswith("model.")
            }
            rows.append(
                [
                    f"{size:,}",
                    show_seconds(build.measured.seconds),
                    show_seconds(own["ml_itemsets"]),
                    show_seconds(own["ml_recommender_lists"]),
                    show_seconds(own["ml_recommendations"]),
                    show_bytes(build.measured.peak_rss),
                    show_bytes(build.measured.peak_spill),
                ]
            )
    print_table(
        "baskets, recommendations and all they are made of, DuckDB limited to 2 GB",
        ["lines", "wall", "itemsets", "back-test", "serving", "memory", "spilled"],
        rows,
    )
