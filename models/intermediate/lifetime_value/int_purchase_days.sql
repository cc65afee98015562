-- Grain: one row per customer, snapshot date and day with a purchase before it. Orders
-- of the same day count once, as models of repeat orders take them.
{{ config(materialized='view') }}

select
    customer_id,
    snapshot_date,
    days_ago,
    ordered_date,
    sum(net_amount)::decimal(18, 4) as net_amount

from {{ ref('int_order_snapshots') }}

where is_purchase

group by
    customer_id,
    snapshot_date,
    days_ago,
    ordered_date
