-- Grain: one row per sampled customer and product in the first order.

with

items as (

    select
        first_orders.customer_number,
        lines.product_id,
        min(first_orders.ordered_at) as first_sold_at,
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

),

dated_items as (

    select
        customer_number,
        product_id,
        line_count,
        min(first_sold_at) over (partition by product_id) as first_sold_at

    from items

)

select
    customer_number,
    -- By age: new products leave the numbers of the others as they are.
    dense_rank() over (order by first_sold_at, product_id) - 1 as product_number,
    line_count

from dated_items
