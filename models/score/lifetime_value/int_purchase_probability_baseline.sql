-- Grain: one row per month start or as-of date, horizon and customer: the probability
-- of an order within the horizon by BG/NBD, from what was known before the date.
{{ config(materialized='view') }}

select
    models.snapshot_date as cutoff_date,
    models.horizon_days,
    histories.customer_id,
    models.model,
    round({{ order_probability('histories', 'models') }}, 9) as probability

from {{ ref('int_purchase_histories') }} as histories
inner join {{ ref('int_purchase_probability_models') }} as models
    on histories.snapshot_date = models.snapshot_date
