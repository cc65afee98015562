-- Grain: one row per customer, as of the as-of date: what is still expected of them,
-- what comes later counting less.

select
    customer_number,
    round(
        sum(
            expected_amount
            -- In the middle of the quarter.
            * power(
                1 + {{ var('lifetime_value_discount_rate') }},
                -(period_number - 0.5) / 4.0
            )
        ), 4
    )::decimal(18, 4) as residual_value

from {{ ref('int_forecast_months') }}

where period_kind = 'quarter'

group by customer_number
