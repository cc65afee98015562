-- The months to come and the residual value are the same forecast as the expected
-- orders: a customer's first four quarters sum up to what the parameters say. Looked at
-- where they are 365 days: with a 29th of February they hold a day more, which may be
-- the best of a shop's year.

with

quarters as (

    select
        repeat_day_count,
        age_days,
        sum(period_orders) as orders_if_alive

    from {{ ref('ml_expected_orders') }}

    where
        period_kind = 'quarter'
        and period_number <= 4

    group by
        repeat_day_count,
        age_days

)

select
    forecasts.customer_number,
    forecasts.probability_alive * quarters.orders_if_alive as expected_orders,
    forecasts.expected_orders as expected_orders_365d

from {{ ref('int_order_forecasts') }} as forecasts
left join quarters
    on
        forecasts.repeat_day_count = quarters.repeat_day_count
        and forecasts.age_days = quarters.age_days

where
    forecasts.is_as_of_date
    and forecasts.horizon_days = 365
    and {{ as_of_date() }} + interval 365 day = {{ as_of_date() }} + interval 1 year
    and forecasts.model = {{ order_model() }}
    and (
        quarters.orders_if_alive is null
        or abs(
            forecasts.probability_alive * quarters.orders_if_alive
            - forecasts.expected_orders
        ) > 0.02 * forecasts.expected_orders + 0.0001
    )
