-- Grain: one row per month or quarter to come and pair of repeat orders and age that
-- some customer has, as of the as-of date: the orders expected of those who are alive.
{{ config(materialized='view') }}

select
    period_kind,
    period_number,
    repeat_day_count,
    age_days,
    -- Forecasts are of all days up to the end of a period.
    greatest(
        expected_orders - lag(expected_orders, 1, 0.0) over (
            partition by period_kind, repeat_day_count, age_days
            order by period_number
        ), 0
    ) as orders_if_alive

from {{ ref('ml_expected_orders') }}

where period_kind in ('month', 'quarter')
