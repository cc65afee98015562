-- Grain: one row per known customer with an order of products.

select
    customer_id,
    -- Of who came later the numbers are higher: of no date of the past do they change.
    row_number() over (
        order by
            min(ordered_date),
            customer_id
    ) - 1 as customer_number

from {{ ref('int_orders') }}

where
    customer_id is not null
    and product_count > 0

group by customer_id
