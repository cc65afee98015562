-- Grain: one row per known customer with an order of products, numbered at random.

select
    customer_id,
    -- The first so many of them are a sample, the same until the next learning date.
    row_number() over (
        order by
            min(ordered_date) >= {{ learning_date() }},
            md5(customer_id),
            customer_id
    ) - 1 as customer_number

from {{ ref('int_orders') }}

where
    customer_id is not null
    and product_count > 0

group by customer_id
