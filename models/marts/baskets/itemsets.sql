-- Grain: one row per basket group and itemset that enough baskets hold.

select
    itemsets.basket_group,
    itemsets.itemset_id,

    itemsets.itemset,

    itemsets.itemset_size,
    itemsets.basket_count,
    round(itemsets.basket_count * 1.0 / groups.basket_count, 9) as support

from {{ ref('int_itemsets') }} as itemsets
inner join {{ ref('int_basket_groups') }} as groups
    on itemsets.basket_group = groups.basket_group
