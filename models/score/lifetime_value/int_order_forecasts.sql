-- Grain: one row per cut-off, horizon, customer and model of repeat orders.

with

forecasts as (

    select
        stages.cutoff_date,
        orders.period_number as horizon_days,
        stages.is_as_of_date,
        stages.customer_number,
        stages.repeat_day_count,
        stages.age_days,
        stages.model
        || case when orders.period_kind = 'horizon' then '' else '_without_season' end
            as model,
        max(case when orders.period_kind = 'horizon' then stages.order_level else 1 end)
            as order_level,
        max(stages.probability_alive) as probability_alive,
        -- Whole digits, so that sums do not depend on the order they are added in.
        sum(
            round(stages.stage_probability * orders.expected_orders, 12)
            ::decimal(24, 12)
        )::double as model_orders,
        max(stages.expected_order_value) as expected_order_value

    from {{ ref('int_order_stages') }} as stages
    inner join {{ ref('ml_expected_orders') }} as orders
        on
            stages.cutoff_date = orders.cutoff_date::date
            and stages.model = orders.model
            and stages.repeat_day_count = orders.repeat_day_count
            and stages.age_days = orders.age_days
            and stages.stage = orders.stage

    where orders.period_kind in ('horizon', 'without_season')

    group by
        stages.cutoff_date,
        orders.period_number,
        stages.is_as_of_date,
        stages.customer_number,
        stages.repeat_day_count,
        stages.age_days,
        stages.model,
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
    -- Where fewer order than the model thinks, they spend more than it thinks: the level
    -- of orders is no level of amounts (evidence.lifetime_value_metrics).
    round(model_orders * expected_order_value, 9) as predicted_amount

from forecasts
