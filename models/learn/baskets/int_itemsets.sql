-- Grain: one row per basket group and frequent itemset.

select
    basket_group,
    itemset_number,
    itemset_size,
    basket_count,
    early_basket_count,
    decayed_count,
    early_decayed_count,
    {% for position in range(1, var('basket_max_itemset_size') + 1) %}
    max(case when item_position = {{ position }} then item_number end)
        as item_{{ position }},
    {% endfor %}
    string_agg(item_number::string, '-' order by item_number) as item_key

from {{ ref('ml_itemsets') }}

group by
    basket_group,
    itemset_number,
    itemset_size,
    basket_count,
    early_basket_count,
    decayed_count,
    early_decayed_count
