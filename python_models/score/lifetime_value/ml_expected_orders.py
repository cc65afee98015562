"""Orders to expect of customers who are alive, by repeat orders, age and stage."""

from customer_analytics.lifetime_value.expected_orders import expected_by_kind
from customer_analytics.relations import as_table


def model(dbt, session):
    grid = dbt.ref("int_forecast_grid")
    return as_table(session, "expected_orders", expected_by_kind(grid))
