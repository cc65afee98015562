-- Grain: one row per customer and snapshot date with a purchase of known country.

select
    customer_id,
    snapshot_date,
    country

from {{ ref('int_order_snapshots') }}

where
    is_purchase
    and country is not null

group by
    customer_id,
    snapshot_date,
    country

qualify
    row_number() over (
        partition by customer_id, snapshot_date
        order by count(*) desc, country asc
    ) = 1
