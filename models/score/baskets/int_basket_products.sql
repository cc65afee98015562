-- Grain: one row per product sold, with the numbers that stand for it in baskets and in
-- recommendations.

select
    products.product_id,

    -- New products leave the numbers of the others as they are, until learned of.
    row_number() over (
        order by
            products.first_sold_at >= {{ learning_date() }},
            products.product_id
    ) as item_number,
    -- Of what came later the numbers are higher: of no date of the past do they change.
    row_number() over (
        order by
            products.first_sold_at::date,
            products.product_id
    ) - 1 as product_number,
    coalesce(descriptions.description, products.product_id) as product_name,
    products.median_unit_price

from {{ ref('int_product_sales') }} as products
left join {{ ref('int_product_descriptions') }} as descriptions
    on products.product_id = descriptions.product_id
