"""Run benchmarks: python -m benchmarks [names] [--quick]."""

import argparse
import platform

from benchmarks import (
    baskets,
    dashboard,
    floors,
    lifetime_value,
    lifetime_value_targets,
    online_retail,
    prediction_targets,
    recommendation_targets,
    scale,
    segments,
    sql_against_pandas,
)

BENCHMARKS = {
    "online_retail": online_retail.run,
    "floors": floors.run,
    "sql_against_pandas": sql_against_pandas.run,
    "scale": scale.run,
    "scale_100m": scale.run_100m,
    "segments": segments.run,
    "lifetime_value": lifetime_value.run,
    "lifetime_value_targets": lifetime_value_targets.run,
    "baskets": baskets.run,
    "baskets_scale": baskets.run_scale,
    "recommendation_targets": recommendation_targets.run,
    "prediction_targets": prediction_targets.run,
    "dashboard": dashboard.run,
}
# Those that end within a quarter of an hour.
DEFAULT = ("online_retail", "sql_against_pandas", "scale", "segments")


def main() -> None:
    """Run what the command line names, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="smaller, fewer runs")
    options = parser.parse_args()
    if unknown := set(options.names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    print(f"{platform.system()}, Python {platform.python_version()}")
    for name in options.names or DEFAULT:
        print(f"\n== {name}", flush=True)
        BENCHMARKS[name](quick=options.quick)


if __name__ == "__main__":
    main()
