-- Grain: one row per cut-off, horizon, customer and model of repeat orders.

with

forecasts as (

    select
        order_stages.cutoff_date,
        orders.period_number as horizon_days,
        order_stages.is_as_of_date,
        order_stages.customer_number,
        order_stages.repeat_day_count,
        order_stages.age_days,
        order_stages.model
        || case when orders.period_kind = 'horizon' then '' else '_without_season' end
            as model,
        max(
            case
                when orders.period_kind = 'horizon' then order_stages.order_level
                else 1
            end
        ) as order_level,
        max(order_stages.probability_alive) as probability_alive,
        -- Whole digits, so that sums do not depend on the order they are added in.
        sum(
            round(order_stages.stage_probability * orders.expected_orders, 12)
            ::decimal(24, 12)
        )::double as model_orders,
        max(order_stages.expected_order_value) as expected_order_value

    from {{ ref('int_order_stages') }} as order_stages
    inner join {{ ref('ml_expected_orders') }} as orders
        on
            order_stages.cutoff_date = orders.cutoff_date::date
            and order_stages.model = orders.model
            and order_stages.repeat_day_count = orders.repeat_day_count
            and order_stages.age_days = orders.age_days
            and order_stages.stage = orders.stage

    where orders.period_kind in ('horizon', 'without_season')

    group by
        order_stages.cutoff_date,
        orders.period_number,
        order_stages.is_as_of_date,
        order_stages.customer_number,
        order_stages.repeat_day_count,
        order_stages.age_days,
        order_stages.model,
        orders.period_kind

)

select
    cutoff_date,
    horizon_days,
    is_as_of_date,
    customer_number,
    repeat_day_count,
    age_days,
    model,
    round(probability_alive, 9) as probability_alive,
    round(model_orders * order_level, 9) as expected_orders,
    round(expected_order_value, 9) as expected_order_value,
    -- Where fewer order than the model thinks, they spend more: the level of orders is
    -- none of amounts.
    round(model_orders * expected_order_value, 9) as predicted_amount

from forecasts
