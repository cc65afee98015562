-- Grain: one row per sampled customer and product in the first order.

with

items as (

    select
        first_orders.customer_number,
        lines.product_id,
        count(*) as line_count

    from {{ ref('int_first_orders') }} as first_orders
    inner join {{ ref('int_transaction_lines') }} as lines
        on first_orders.order_id = lines.order_id

    where
        lines.line_type = 'sale'
        and lines.product_id is not null

    group by
        first_orders.customer_number,
        lines.product_id

)

select
    customer_number,
    dense_rank() over (order by product_id) - 1 as product_number,
    line_count

from items
