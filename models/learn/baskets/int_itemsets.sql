-- Grain: one row per basket group and frequent itemset, with its products by number, id
-- and name.

select
    itemsets.basket_group,
    itemsets.itemset_number,
    itemsets.itemset_size,
    itemsets.basket_count,
    itemsets.early_basket_count,
    itemsets.decayed_count,
    itemsets.early_decayed_count,
    {% for position in range(1, var('basket_max_itemset_size') + 1) %}
    max(case
        when itemsets.item_position = {{ position }} then itemsets.item_number
    end) as item_{{ position }},
    {% endfor %}
    string_agg(itemsets.item_number::string, '-' order by itemsets.item_number)
        as item_key,
    string_agg(products.product_id, '|' order by itemsets.item_position) as itemset_id,
    string_agg(products.product_name, ' + ' order by itemsets.item_position)
        as itemset,
    sum(products.median_unit_price)::decimal(38, 4) as price_sum

from {{ ref('ml_itemsets') }} as itemsets
inner join {{ ref('int_basket_products') }} as products
    on itemsets.item_number = products.item_number

group by
    itemsets.basket_group,
    itemsets.itemset_number,
    itemsets.itemset_size,
    itemsets.basket_count,
    itemsets.early_basket_count,
    itemsets.decayed_count,
    itemsets.early_decayed_count
