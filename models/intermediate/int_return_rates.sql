-- Grain: one row per customer and snapshot date with an order before it.

select
    customer_id,
    snapshot_date,
    (sum(returned_amount) / sum(gross_amount))::double as return_rate

from {{ ref('int_order_snapshots') }}

group by
    customer_id,
    snapshot_date
