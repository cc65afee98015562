-- Grain: one row per cut-off, horizon, customer and model of repeat orders.

with

scored as (

    select * from {{ ref('int_lifetime_value_scored') }}

),

models as (

    select
        * replace (
            {{ from_money_units('gamma') }} as gamma,
            {{ from_money_units('mean_amount') }} as mean_amount
        )

    from {{ ref('int_order_models') }}

    where r is not null

),

expected_orders as (

    select
        cutoff_date::date as cutoff_date,
        model,
        period_kind,
        period_number as horizon_days,
        repeat_day_count,
        age_days,
        first_to_last_days,
        log_quiet,
        expected_orders

    from {{ ref('ml_expected_orders') }}

    where period_kind in ('horizon', 'without_season')

),

forecasts as (

    select
        scored.cutoff_date,
        scored.horizon_days,
        scored.is_as_of_date,
        scored.customer_number,
        scored.repeat_day_count,
        scored.age_days,
        models.model
        || case
            when expected_orders.period_kind = 'horizon' then '' else '_without_season'
        end as model,
        {{ probability_alive(
            'scored', 'models', 'models.k', 'expected_orders.log_quiet'
        ) }} as probability_alive,
        expected_orders.expected_orders as orders_if_alive,
        {{ expected_order_value('scored', 'models') }} as expected_order_value

    from scored
    inner join models on scored.cutoff_date = models.snapshot_date
    inner join expected_orders
        on
            scored.cutoff_date = expected_orders.cutoff_date
            and scored.horizon_days = expected_orders.horizon_days
            and scored.repeat_day_count = expected_orders.repeat_day_count
            and scored.age_days = expected_orders.age_days
            and {{ regular_days('scored', 'models') }}
            = expected_orders.first_to_last_days
            and models.model = expected_orders.model

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
    round(probability_alive * orders_if_alive, 9) as expected_orders,
    round(expected_order_value, 9) as expected_order_value,
    round(probability_alive * orders_if_alive * expected_order_value, 9)
        as predicted_amount

from forecasts
