-- Grain: one row per customer and month or quarter to come, as of the as-of date: the
-- orders and the amount expected within it.
{{ config(materialized='view') }}

with

expected as (

    select
        period_kind,
        period_number,
        repeat_day_count,
        age_days,
        greatest(
            expected_orders - lag(expected_orders, 1, 0.0) over (
                partition by period_kind, repeat_day_count, age_days
                order by period_number
            ), 0
        ) as orders_if_alive

    from {{ ref('ml_expected_orders') }}

    where period_kind in ('month', 'quarter')

),

customers as (

    select
        scored.customer_number,
        scored.repeat_day_count,
        scored.age_days,
        forecasts.probability_alive,
        forecasts.expected_order_value

    from {{ ref('int_lifetime_value_scored') }} as scored
    inner join {{ ref('int_order_forecasts') }} as forecasts
        on
            scored.customer_number = forecasts.customer_number
            and scored.cutoff_date = forecasts.cutoff_date
            and scored.horizon_days = forecasts.horizon_days

    where
        scored.is_as_of_date
        and scored.horizon_days = {{ lifetime_value_horizons() | last }}
        and forecasts.model = '{{ var("lifetime_value_order_model") }}'

)

select
    customers.customer_number,
    expected.period_kind,
    expected.period_number,
    customers.probability_alive * expected.orders_if_alive as expected_orders,
    customers.probability_alive * expected.orders_if_alive
    * customers.expected_order_value as expected_amount

from customers
inner join expected
    on
        customers.repeat_day_count = expected.repeat_day_count
        and customers.age_days = expected.age_days
