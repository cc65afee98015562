-- Grain: one row per basket group, basket and product in it.

select distinct
    baskets.basket_group,
    baskets.basket_number::int as basket_number,
    products.item_number::int as item_number

from {{ ref('order_lines') }} as order_lines
inner join {{ ref('int_baskets') }} as baskets
    on order_lines.order_id = baskets.order_id
inner join {{ ref('int_basket_products') }} as products
    on order_lines.product_id = products.product_id

where order_lines.line_type = 'sale'
