-- Grain: one row per basket group and itemset that enough baskets hold.

with

itemsets as (

    select * from {{ ref('int_itemsets') }}

)

select
    itemsets.basket_group,
    names.itemset_id,

    names.itemset,

    itemsets.itemset_size,
    itemsets.basket_count,
    round(itemsets.basket_count * 1.0 / groups.basket_count, 9) as support

from itemsets
inner join {{ ref('int_itemset_names') }} as names
    on
        itemsets.basket_group = names.basket_group
        and itemsets.itemset_number = names.itemset_number
inner join {{ ref('int_basket_groups') }} as groups
    on itemsets.basket_group = groups.basket_group
