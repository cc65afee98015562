-- Grain: one row per customer, as of the as-of date: what the model of repeat orders
-- expects of them, and what that is worth in the years to come, later years counting
-- less.

with

discounted as (

    select
        repeat_day_count,
        age_days,
        sum(
            round(
                period_orders
                -- In the middle of the quarter.
                * power(
                    1 + {{ var('lifetime_value_discount_rate') }},
                    -(period_number - 0.5) / 4.0
                ), 9
            )::decimal(18, 9)
        )::double as orders_if_alive

    from {{ ref('ml_expected_orders') }}

    where period_kind = 'quarter'

    group by
        repeat_day_count,
        age_days

),

forecasts as (

    select
        customer_number,
        repeat_day_count,
        age_days,
        {% for days in lifetime_value_horizons() %}
        max(case when horizon_days = {{ days }} then expected_orders end)
            as expected_orders_{{ days }}d,
        {% endfor %}
        max(probability_alive) as probability_alive,
        max(expected_order_value) as expected_order_value

    from {{ ref('int_order_forecasts') }}

    where
        is_as_of_date
        and model = '{{ var("lifetime_value_order_model") }}'

    group by
        customer_number,
        repeat_day_count,
        age_days

)

select
    forecasts.customer_number,
    forecasts.probability_alive,
    forecasts.expected_order_value,
    {% for days in lifetime_value_horizons() %}
    forecasts.expected_orders_{{ days }}d,
    {% endfor %}
    round(
        forecasts.probability_alive * discounted.orders_if_alive
        * forecasts.expected_order_value, 4
    )::decimal(38, 4) as residual_value

from forecasts
left join discounted
    on
        forecasts.repeat_day_count = discounted.repeat_day_count
        and forecasts.age_days = discounted.age_days
