-- Grain: one row per product sold, with the number that stands for it in baskets.

select
    products.product_id,

    -- New products leave the numbers of the others as they are, until learned of.
    row_number() over (
        order by
            products.first_sold_at >= {{ learning_date() }},
            products.product_id
    ) as item_number,
    coalesce(descriptions.description, products.product_id) as product_name,
    products.median_unit_price

from {{ ref('int_product_sales') }} as products
left join {{ ref('int_product_descriptions') }} as descriptions
    on products.product_id = descriptions.product_id
