-- Grain: one row per customer and snapshot date with an order before it.

select
    customer_id,
    snapshot_date,
    coalesce(sum(returned_amount) / nullif(sum(gross_amount), 0), 0)::double
        as return_rate

from {{ ref('int_order_snapshots') }}

group by
    customer_id,
    snapshot_date
