-- Grain: one row per customer and product the customer has kept units of.

with

line_units as (

    select
        customer_id,
        product_id,
        order_id,
        (quantity - matched_return_quantity) as kept_quantity,
        (quantity - matched_return_quantity)::decimal(38, 4) * unit_price
            as kept_amount

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and customer_id is not null
        and product_id is not null
        and quantity > matched_return_quantity

),

order_products as (

    select
        customer_id,
        product_id,
        order_id,
        sum(kept_amount) as net_amount

    from line_units

    group by
        customer_id,
        product_id,
        order_id

)

select
    customer_id,
    product_id,
    count(*) as order_count,
    sum(net_amount)::decimal(38, 4) as net_amount

from order_products

group by
    customer_id,
    product_id
