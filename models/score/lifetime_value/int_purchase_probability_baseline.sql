-- Grain: one row per month start or as-of date, horizon and customer: the probability
-- of an order within the horizon by BG/NBD, from what was known before the date.
{{ config(materialized='view') }}

with

horizons as (

    {{ horizon_rows(var('horizons_days')) }}

),

-- As fitted then, and the days of average season that the horizon holds.
models as (

    select
        order_models.snapshot_date,
        order_models.model,
        order_models.k,
        order_models.r,
        order_models.alpha,
        order_models.a,
        order_models.b,
        horizons.horizon_days,
        ends.effective_day - first_days.effective_day as effective_days

    from {{ ref('int_order_models') }} as order_models
    cross join horizons
    inner join {{ ref('int_season_days') }} as first_days
        on
            order_models.snapshot_date = first_days.snapshot_date
            and order_models.snapshot_date = first_days.calendar_date
    inner join {{ ref('int_season_days') }} as ends
        on
            order_models.snapshot_date = ends.snapshot_date
            and cast({{ dbt.dateadd(
                'day', 'horizons.horizon_days', 'order_models.snapshot_date'
            ) }} as date) = ends.calendar_date

    where
        order_models.model = 'bg_nbd'
        and order_models.r is not null

)

select
    models.snapshot_date as cutoff_date,
    models.horizon_days,
    histories.customer_id,
    models.model,
    round({{ order_probability('histories', 'models') }}, 9) as probability

from {{ ref('int_purchase_histories') }} as histories
inner join models on histories.snapshot_date = models.snapshot_date
