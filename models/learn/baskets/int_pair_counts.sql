-- Grain: one row per pair of products that enough of all baskets hold.

with

itemsets as (

    select * from {{ ref('int_itemsets') }}

    where basket_group = 'all'

)

{% if var('basket_max_itemset_size') > 1 %}
select
    pairs.item_1 as first_item,
    pairs.item_2 as second_item,
    groups.basket_count as all_count,
    firsts.basket_count as first_count,
    seconds.basket_count as second_count,
    pairs.basket_count as joint_count

from itemsets as pairs
inner join itemsets as firsts
    on
        firsts.itemset_size = 1
        and pairs.item_1 = firsts.item_1
inner join itemsets as seconds
    on
        seconds.itemset_size = 1
        and pairs.item_2 = seconds.item_1
inner join {{ ref('int_basket_groups') }} as groups
    on pairs.basket_group = groups.basket_group

where pairs.itemset_size = 2
{% else %}
select
    item_1 as first_item,
    item_1 as second_item,
    basket_count as all_count,
    basket_count as first_count,
    basket_count as second_count,
    basket_count as joint_count

from itemsets

where false
{% endif %}
