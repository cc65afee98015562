"""Every chart: valid Vega-Lite, named axes with units, layouts that add up."""

import io
import json
import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from customer_analytics.charts import (
    baskets,
    campaigns,
    cohorts,
    lifetime_value,
    predictions,
    products,
    quality,
    recommendations,
    rfm,
    sales,
    segments,
    theme,
)

MONTHS = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"])
SEGMENTS = pd.DataFrame(
    {
        "segment_name": ["Loyal", "New", "Lost"],
        "customer_count": [50, 30, 20],
        "net_amount": [9000.0, 1000.0, 0.0],
        "customer_share": [0.5, 0.3, 0.2],
        "net_amount_share": [0.9, 0.1, 0.0],
    }
)
MOVES = pd.DataFrame(
    [
        ("Loyal", "Loyal", 6),
        ("Loyal", "Lost", 2),
        ("New", "Loyal", 1),
        ("New", "New", 1),
    ],
    columns=["from_segment", "to_segment", "customer_count"],
)
LINKS = pd.DataFrame(
    [("a", "b", 0.5, 20), ("b", "c", 0.2, 10), ("d", "e", 0.4, 30)],
    columns=["product_id_a", "product_id_b", "jaccard", "co_order_count"],
)


def sales_months():
    return pd.DataFrame(
        {
            "sales_month": MONTHS,
            "net_amount": [10.0, 20.0, 5.0],
            "order_count": [3, 4, 1],
            "customer_count": [2, 3, 1],
            "is_complete": [True, True, False],
        }
    )


def cohort_months():
    return pd.DataFrame(
        {
            "cohort_month": [MONTHS[0]] * 3 + [MONTHS[1]] * 2,
            "month_number": [0, 1, 2, 0, 1],
            "cohort_size": [10] * 5,
            "active_customer_count": [10, 4, 3, 10, 5],
            "retention_rate": [1.0, 0.4, 0.3, 1.0, 0.5],
            "cumulative_amount_per_customer": [5.0, 8.0, 9.0, 4.0, 7.0],
            "is_complete": [True, True, True, True, False],
        }
    )


def placed_products():
    places = baskets.network_layout(LINKS)
    return places.assign(
        product=places["product_id"].str.upper(), group="g", pagerank=0.1
    )


CHARTS = {
    "monthly_sales": lambda: sales.monthly_sales(sales_months(), currency="EUR"),
    "monthly_customers": lambda: sales.monthly_customers(sales_months()),
    "weekday_hours": lambda: sales.weekday_hours(
        pd.DataFrame({"weekday": [1, 7], "hour_of_day": [9, 20], "order_count": [3, 1]})
    ),
    "country_sales": lambda: sales.country_sales(
        pd.DataFrame(
            {
                "country": ["UK", "France"],
                "net_amount": [100.0, 3.0],
                "order_count": [5, 1],
                "customer_count": [4, 1],
            }
        ),
        currency="EUR",
    ),
    "segment_sizes": lambda: segments.segment_sizes(SEGMENTS),
    "profile_heat_map": lambda: segments.profile_heat_map(
        pd.DataFrame(
            {
                "segment_name": ["Loyal", "New"],
                "feature": ["orders", "orders"],
                "deviation": [1.5, -3.0],
                "median_value": [9.0, 1.0],
                "all_median_value": [2.0, 2.0],
            }
        )
    ),
    "customer_map": lambda: segments.customer_map(
        pd.DataFrame(
            {
                "customer_id": ["1", "2"],
                "x": [0.1, -0.3],
                "y": [1.0, 2.0],
                "segment_name": ["Loyal", "New"],
                "explained_variance_x": [0.76, 0.76],
                "explained_variance_y": [0.19, 0.19],
            }
        )
    ),
    "migration_flow": lambda: segments.migration_flow(MOVES),
    "rfm_grid": lambda: rfm.rfm_grid(
        pd.DataFrame(
            {
                "recency_score": [1, 5],
                "frequency_monetary_score": [1, 5],
                "rfm_segment": ["Lost", "Champions"],
                "customer_count": [4, 9],
                "net_amount": [1.0, 2.0],
            }
        ),
        currency="EUR",
    ),
    "segment_treemap": lambda: rfm.segment_treemap(SEGMENTS, currency="EUR"),
    "retention_heat_map": lambda: cohorts.retention_heat_map(cohort_months()),
    "retention_by_age": lambda: cohorts.retention_by_age(
        pd.DataFrame(
            {
                "month_number": [1, 2],
                "retention_rate": [0.45, 0.3],
                "lowest_rate": [0.4, 0.3],
                "highest_rate": [0.5, 0.3],
                "cohort_count": [2, 1],
            }
        )
    ),
    "cumulative_value": lambda: cohorts.cumulative_value(
        cohort_months(), currency="EUR"
    ),
    "roc_curves": lambda: predictions.roc_curves(
        pd.DataFrame(
            {
                "cutoff_date": [MONTHS[0]] * 3,
                "false_positive_rate": [0.0, 0.2, 1.0],
                "true_positive_rate": [0.0, 0.7, 1.0],
            }
        )
    ),
    "calibration": lambda: predictions.calibration(
        pd.DataFrame(
            {"mean_probability": [0.1, 0.6], "observed_rate": [0.2, 0.5], "n": [9, 8]}
        )
    ),
    "lift_by_decile": lambda: predictions.lift_by_decile(
        pd.DataFrame(
            {
                "decile": [1, 2],
                "lift": [3.0, 1.0],
                "actual_rate": [0.6, 0.2],
                "n": [5, 5],
            }
        )
    ),
    "confusion": lambda: predictions.confusion(
        pd.DataFrame(
            {
                "true_positive_count": [10],
                "false_positive_count": [5],
                "false_negative_count": [3],
                "true_negative_count": [82],
            }
        )
    ),
    "importances": lambda: predictions.importances(
        pd.DataFrame(
            {
                "label": ["orders", "days"],
                "importance": [0.1, 0.05],
                "importance_std": [0.01, np.nan],
            }
        ),
        title="Fall of ROC-AUC",
    ),
    "models_compared": lambda: predictions.models_compared(
        pd.DataFrame(
            {"model": ["m", "b"], "kind": ["served", "baseline"], "brier": [0.1, 0.2]}
        ),
        measure="brier",
        title="Brier score (less is better)",
    ),
    "actual_vs_predicted": lambda: lifetime_value.actual_vs_predicted(
        pd.DataFrame(
            {
                "customer_id": ["1", "2"],
                "cutoff_date": [MONTHS[0]] * 2,
                "predicted_amount": [10.0, 500.0],
                "actual_amount": [0.0, 900.0],
            }
        ),
        currency="EUR",
    ),
    "deciles": lambda: lifetime_value.deciles(
        pd.DataFrame(
            {
                "decile": [1, 2],
                "mean_predicted_amount": [90.0, 40.0],
                "mean_actual_amount": [80.0, 50.0],
            }
        ),
        currency="EUR",
    ),
    "value_tiers": lambda: lifetime_value.value_tiers(
        pd.DataFrame(
            {
                "value_tier": ["top 1%", "rest"],
                "customer_share": [0.01, 0.99],
                "predicted_share": [0.3, 0.7],
            }
        )
    ),
    "interval_coverage": lambda: lifetime_value.interval_coverage(
        pd.DataFrame(
            {
                "horizon": ["90 days", "180 days"],
                "cutoff_date": MONTHS[:2],
                "interval_coverage": [0.82, 0.79],
                "n": [100, 90],
            }
        )
    ),
    "forecast_by_month": lambda: lifetime_value.forecast_by_month(
        pd.DataFrame(
            {
                "forecast_month": MONTHS,
                "expected_amount": [5.0, 4.0, 3.0],
                "last_year_known_amount": [4.0, np.nan, 2.0],
            }
        ),
        currency="EUR",
    ),
    "rule_scatter": lambda: baskets.rule_scatter(
        pd.DataFrame(
            {
                "antecedent": ["a", "b"],
                "consequent": ["b", "a"],
                "support": [0.01, 0.002],
                "confidence": [0.5, 0.7],
                "lift": [3.0, 40.0],
                "basket_count": [90, 31],
            }
        )
    ),
    "product_network": lambda: baskets.product_network(placed_products(), LINKS),
    "sources_compared": lambda: recommendations.sources_compared(
        pd.DataFrame(
            {
                "source": ["svd", "top"],
                "kind": ["served", "baseline"],
                "ndcg": [0.3, 0.2],
            }
        )
    ),
    "audience_sizes": lambda: campaigns.audience_sizes(
        pd.DataFrame(
            {
                "campaign": ["Save", "Save", "Remind"],
                "assignment": ["contact", "hold_out", "leave"],
                "customer_count": [9, 1, 30],
                "expected_value": [90.0, 5.0, np.nan],
            }
        ),
        currency="EUR",
    ),
    "abc_classes": lambda: products.abc_classes(
        pd.DataFrame(
            {
                "abc_class": ["A", "B"],
                "product_share": [0.2, 0.8],
                "net_amount_share": [0.8, 0.2],
            }
        )
    ),
    "abc_xyz_grid": lambda: products.abc_xyz_grid(
        pd.DataFrame(
            {"abc_class": ["A", "C"], "xyz_class": ["X", "Z"], "product_count": [3, 90]}
        )
    ),
    "stock_signals": lambda: products.stock_signals(
        pd.DataFrame(
            {
                "signal": ["rising", "falling"],
                "product_count": [3, 4],
                "amount_at_stake": [10.0, 20.0],
            }
        ),
        currency="EUR",
    ),
    "excluded_lines": lambda: quality.excluded_lines(
        pd.DataFrame({"exclusion_reason": ["a", "b"], "line_count": [3, 1]})
    ),
    "feature_distribution": lambda: quality.feature_distribution(
        pd.DataFrame(
            {
                "bin_number": [1, 2],
                "lowest_value": [0.0, 10.0],
                "highest_value": [9.0, 20.0],
                "customer_share": [0.7, 0.3],
            }
        ),
        title="Orders",
    ),
}
OF_MONEY = [
    *("monthly_sales", "country_sales", "rfm_grid", "segment_treemap"),
    *("cumulative_value", "actual_vs_predicted", "deciles", "forecast_by_month"),
    *("stock_signals", "audience_sizes"),
]


def parts(specification: dict) -> list[dict]:
    """Return the single charts of a specification, each with the data it draws."""
    if "layer" not in specification:
        return [specification]
    inherited = {"data": specification.get("data")}
    return [
        part for layer in specification["layer"] for part in parts(inherited | layer)
    ]


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_valid_and_its_axes_are_named(name):
    # to_dict validates against the schema of Vega-Lite.
    specification = CHARTS[name]().to_dict()
    assert specification["height"] >= 100
    named = {"x": False, "y": False}
    for part in parts(specification):
        for channel in named:
            encoding = part["encoding"].get(channel, {})
            # Without an axis, or of names that stand for themselves.
            axis = encoding.get("axis", {})
            bare = axis is None or ("title" in encoding and encoding["title"] is None)
            title = encoding.get("title") or (axis or {}).get("title")
            named[channel] |= bare or bool(title)
    assert named == {"x": True, "y": True}


@pytest.mark.parametrize("name", CHARTS)
def test_every_layer_has_rows_to_draw(name):
    specification = CHARTS[name]().to_dict()
    for part in parts(specification):
        rows = specification["datasets"][part["data"]["name"]]
        assert rows


@pytest.mark.parametrize("name", CHARTS)
def test_chart_has_no_width_and_needs_no_network(name):
    specification = CHARTS[name]().to_dict()
    assert "width" not in specification
    del specification["$schema"]
    assert "http" not in json.dumps(specification)


@pytest.mark.parametrize("name", CHARTS)
def test_drawn_chart_holds_no_unreadable_value(name):
    with io.StringIO() as drawn:
        theme.styled(CHARTS[name]()).save(drawn, format="svg")
        assert not re.search(r"NaN|undefined|Invalid", drawn.getvalue())


@pytest.mark.parametrize("name", OF_MONEY)
def test_charts_of_money_name_the_currency(name):
    assert "(EUR)" in json.dumps(CHARTS[name]().to_dict())


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("dark", [False, True])
def test_styled_sets_ground_and_width(name, dark):
    specification = theme.styled(CHARTS[name](), dark=dark, width=500).to_dict()
    assert specification["config"]["background"] == theme.GROUND[dark][0]
    assert specification["width"] == 500


def test_categories_repeat_colours_from_the_ninth_on():
    scale = theme.categories([str(i) for i in range(10)])
    assert len(scale.range) == 10
    assert scale.range[8] == scale.range[0]
    assert len(set(scale.range[:8])) == 8


def test_ribbons_are_as_high_as_their_customers_and_touch_their_groups():
    ribbons, groups = segments.flow_ribbons(MOVES)
    heights = (ribbons["high"] - ribbons["low"]).groupby(
        [ribbons["from_segment"], ribbons["to_segment"]]
    )
    assert heights.mean().tolist() == pytest.approx([0.2, 0.6, 0.1, 0.1])
    assert heights.std().max() == pytest.approx(0, abs=1e-12)
    left = groups[groups["side"] == 0].set_index("segment")
    assert left.loc["Loyal", ["low", "high"]].tolist() == pytest.approx([0, 0.8])
    assert left.loc["New", "low"] == pytest.approx(0.8 + segments.GROUP_GAP)
    right = groups[groups["side"] == 1].set_index("segment")
    assert right["customer_count"].to_dict() == {"Lost": 2, "Loyal": 7, "New": 1}
    ends = ribbons[ribbons["x"] == 1].set_index(["from_segment", "to_segment"])
    assert ends.loc[("Loyal", "Lost"), "low"] == pytest.approx(right.loc["Lost", "low"])
    assert ends.loc[("New", "Loyal"), "high"] == pytest.approx(
        right.loc["Loyal", "high"]
    )


def test_network_layout_is_the_same_each_time_and_puts_friends_together():
    first, second = baskets.network_layout(LINKS), baskets.network_layout(LINKS)
    pd.testing.assert_frame_equal(first, second)
    places = first.set_index("product_id")[["x", "y"]]
    assert len(places) == 5
    # What is not linked lies in another square.
    one, other = places.loc[["a", "b", "c"]], places.loc[["d", "e"]]
    apart = np.maximum(one.min() - other.max(), other.min() - one.max())
    assert apart.max() > 0


def test_network_layout_does_not_depend_on_the_hash_of_a_text():
    code = (
        "import pandas as pd; from customer_analytics.charts.baskets import *; "
        "links = pd.DataFrame([('a', 'b', .5), ('b', 'c', .2), ('d', 'e', .4)], "
        "columns=['product_id_a', 'product_id_b', 'jaccard']); "
        "print(network_layout(links).to_csv())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2", "3")
    }
    assert len(found) == 1


def test_first_months_are_left_out_of_retention():
    chart = cohorts.retention_heat_map(cohort_months()).to_dict()
    (rows,) = chart["datasets"].values()
    assert sorted(row["month_number"] for row in rows) == [1, 1, 2]


def test_frames_are_left_as_they_were():
    months = sales_months()
    before = months.copy()
    sales.monthly_customers(months)
    pd.testing.assert_frame_equal(months, before)
