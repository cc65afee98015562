-- Grain: one row per basket group, itemset and product in it.

select
    itemsets.basket_group,
    names.itemset_id,
    products.product_id

from {{ ref('ml_itemsets') }} as itemsets
inner join {{ ref('int_itemsets') }} as names
    on
        itemsets.basket_group = names.basket_group
        and itemsets.itemset_number = names.itemset_number
inner join {{ ref('int_basket_products') }} as products
    on itemsets.item_number = products.item_number
