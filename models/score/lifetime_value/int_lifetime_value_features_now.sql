-- Grain: one row per customer with a purchase, as of the as-of date: what regressors
-- score.
{{ config(materialized='view') }}

select
    customers.customer_number,
    {{ regressor_features('snapshots') }}

from {{ ref('int_customer_snapshots') }} as snapshots
inner join {{ ref('int_purchase_histories') }} as customers
    on
        snapshots.customer_id = customers.customer_id
        and snapshots.snapshot_date = customers.snapshot_date

where snapshots.snapshot_date = {{ as_of_date() }}
