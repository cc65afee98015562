"""Orders to expect of customers who are alive, by repeat orders, age and stage."""

from customer_analytics.lifetime_value.expected_orders import (
    expected_orders,
    period_orders,
)
from customer_analytics.relations import as_relation

KEY = (
    "cutoff_date, model, period_kind, repeat_day_count, age_days, stage, period_number"
)


def model(dbt, session):
    grid = dbt.ref("int_forecast_grid").project(
        "* replace (cutoff_date::varchar as cutoff_date)"
    )
    rows = grid.order(KEY).fetchnumpy()
    expected = {name: rows[name] for name in KEY.split(", ")}
    expected["expected_orders"] = expected_orders(rows)
    expected["period_orders"] = period_orders(expected)
    return as_relation(session, "expected_orders", expected)
