-- Grain: one row per basket group and frequent itemset: its products by id and name.

select
    itemsets.basket_group,
    itemsets.itemset_number,
    string_agg(products.product_id, '|' order by itemsets.item_position) as itemset_id,
    string_agg(products.product_name, ' + ' order by itemsets.item_position)
        as itemset,
    sum(products.median_unit_price)::decimal(38, 4) as price_sum

from {{ ref('ml_itemsets') }} as itemsets
inner join {{ ref('int_basket_products') }} as products
    on itemsets.item_number = products.item_number

group by
    itemsets.basket_group,
    itemsets.itemset_number
