-- Grain: one row per customer, as of the as-of date: what is still expected of them,
-- what comes later counting less.

with

orders_if_alive as (

    select
        repeat_day_count,
        age_days,
        sum(
            round(
                orders_if_alive
                -- In the middle of the quarter.
                * power(
                    1 + {{ var('lifetime_value_discount_rate') }},
                    -(period_number - 0.5) / 4.0
                ), 9
            )::decimal(18, 9)
        )::double as discounted_orders

    from {{ ref('int_forecast_months') }}

    where period_kind = 'quarter'

    group by
        repeat_day_count,
        age_days

)

select
    customers.customer_number,
    round(
        customers.probability_alive * orders_if_alive.discounted_orders
        * customers.expected_order_value, 4
    )::decimal(38, 4) as residual_value

from {{ ref('int_order_forecasts') }} as customers
inner join orders_if_alive
    on
        customers.repeat_day_count = orders_if_alive.repeat_day_count
        and customers.age_days = orders_if_alive.age_days

where
    customers.is_as_of_date
    and customers.horizon_days = {{ lifetime_value_horizons() | last }}
    and customers.model = '{{ var("lifetime_value_order_model") }}'
