-- Grain: one row per customer, as of the as-of date: what the model of repeat orders
-- expects of them, and what that is worth in the years to come, later years counting
-- less.

with

discounted as (

    select
        model,
        repeat_day_count,
        age_days,
        stage,
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

    where
        period_kind = 'quarter'
        and model = {{ order_model() }}

    group by
        model,
        repeat_day_count,
        age_days,
        stage

),

-- Whole digits, so that sums do not depend on the order they are added in.
later as (

    select
        order_stages.customer_number,
        sum(
            round(order_stages.stage_probability * discounted.orders_if_alive, 9)
            ::decimal(18, 9)
        )::double as discounted_orders

    from {{ ref('int_order_stages') }} as order_stages
    inner join discounted
        on
            order_stages.model = discounted.model
            and order_stages.repeat_day_count = discounted.repeat_day_count
            and order_stages.age_days = discounted.age_days
            and order_stages.stage = discounted.stage

    where order_stages.is_as_of_date

    group by order_stages.customer_number

),

forecasts as (

    select
        customer_number,
        {% for days in lifetime_value_horizons() %}
        max(case when horizon_days = {{ days }} then expected_orders end)
            as expected_orders_{{ days }}d,
        {% endfor %}
        max(probability_alive) as probability_alive,
        max(expected_order_value) as expected_order_value

    from {{ ref('int_order_forecasts') }}

    where
        is_as_of_date
        and model = {{ order_model() }}

    group by customer_number

)

select
    forecasts.customer_number,
    forecasts.probability_alive,
    forecasts.expected_order_value,
    {% for days in lifetime_value_horizons() %}
    forecasts.expected_orders_{{ days }}d,
    {% endfor %}
    round(later.discounted_orders * forecasts.expected_order_value, 4)::decimal(38, 4)
        as residual_value

from forecasts
left join later on forecasts.customer_number = later.customer_number
