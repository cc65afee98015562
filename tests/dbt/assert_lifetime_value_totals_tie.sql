-- The months to come and the residual value are the same forecast as the expected
-- orders: a customer's first four quarters, at the level of late, sum up to what the
-- parameters say. Looked at where they are 365 days: with a 29th of February they hold
-- a day more, which may be the best of a shop's year.

with

quarters as (

    select
        model,
        repeat_day_count,
        age_days,
        stage,
        sum(period_orders) as orders_if_alive

    from {{ ref('ml_expected_orders') }}

    where
        period_kind = 'quarter'
        and period_number <= 4

    group by
        model,
        repeat_day_count,
        age_days,
        stage

),

customers as (

    select
        order_stages.model,
        order_stages.customer_number,
        sum(
            order_stages.stage_probability * quarters.orders_if_alive
            * order_stages.order_level
        ) as expected_orders

    from {{ ref('int_order_stages') }} as order_stages
    left join quarters
        on
            order_stages.model = quarters.model
            and order_stages.repeat_day_count = quarters.repeat_day_count
            and order_stages.age_days = quarters.age_days
            and order_stages.stage = quarters.stage

    where order_stages.is_as_of_date

    group by
        order_stages.model,
        order_stages.customer_number

)

select
    forecasts.model,
    forecasts.customer_number,
    customers.expected_orders,
    forecasts.expected_orders as expected_orders_365d

from {{ ref('int_order_forecasts') }} as forecasts
left join customers
    on
        forecasts.model = customers.model
        and forecasts.customer_number = customers.customer_number

where
    forecasts.is_as_of_date
    and forecasts.horizon_days = 365
    -- BG/NBD serves no orders, and has no quarters.
    and forecasts.model not like 'bg_nbd%'
    and {{ as_of_date() }} + interval 365 day = {{ as_of_date() }} + interval 1 year
    and (
        customers.expected_orders is null
        or abs(customers.expected_orders - forecasts.expected_orders)
        > 0.02 * forecasts.expected_orders + 0.0001
    )
