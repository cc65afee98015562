-- Grain: one row per basket group, frequent itemset that is small enough for rules, and
-- way to split it in two, the antecedent and the consequent, both ways around, with all
-- counts of baskets. Every part of a frequent itemset is frequent itself.

{% set max_size = [var('basket_max_itemset_size'), var('basket_max_rule_size')] | min %}
{% set parts = {
    'joint': 'itemsets', 'antecedent': 'antecedents', 'consequent': 'consequents'
} %}

with

itemsets as (

    select * from {{ ref('int_itemsets') }}

    where itemset_size <= {{ max_size }}

),

-- A mask says of each item whether it stands in the antecedent.
masks as (

    {% for mask in range(1, 2 ** max_size - 1) %}
    select
        {{ mask }} as mask,
        {% for position in range(max_size) %}
        {{ 'true' if (mask // 2 ** position) % 2 else 'false' }}
            as has_{{ position + 1 }}{{ ',' if not loop.last }}
        {% endfor %}
    {{ 'union all' if not loop.last }}
    {% else %}
    select
        0 as mask,
        false as has_1

    where false
    {% endfor %}

),

splits as (

    select
        itemsets.basket_group,
        itemsets.itemset_number,
        {% for side, negation in [('antecedent', ''), ('consequent', 'not ')] %}
        concat_ws(
            '-'
            {% for position in range(1, max_size + 1) %}
            , case
                when {{ negation }}masks.has_{{ position }} then itemsets.item_{{ position }}
            end::string
            {% endfor %}
        ) as {{ side }}_key{{ ',' if not loop.last }}
        {% endfor %}

    from itemsets
    inner join masks
        on masks.mask < power(2, itemsets.itemset_size) - 1

    where itemsets.itemset_size > 1

)

select
    splits.basket_group,
    splits.itemset_number,
    antecedents.itemset_number as antecedent_number,
    consequents.itemset_number as consequent_number,
    row_number() over (
        order by
            splits.basket_group, antecedents.itemset_number, consequents.itemset_number
    ) as rule_number,

    itemsets.itemset_size,
    antecedents.itemset_size as antecedent_size,
    consequents.itemset_size as consequent_size,

    groups.basket_count as all_count,
    groups.early_basket_count as early_all_count,
    {% for part, table in parts.items() %}
    {{ table }}.basket_count as {{ part }}_count,
    {{ table }}.early_basket_count as early_{{ part }}_count,
    {{ table }}.decayed_count as decayed_{{ part }}_count,
    {{ table }}.early_decayed_count as early_decayed_{{ part }}_count,
    {% endfor %}

    itemsets.basket_count
    >= {{ var('basket_min_confidence') }} * antecedents.basket_count as is_confident

from splits
inner join {{ ref('int_basket_groups') }} as groups
    on splits.basket_group = groups.basket_group
inner join itemsets
    on
        splits.basket_group = itemsets.basket_group
        and splits.itemset_number = itemsets.itemset_number
inner join itemsets as antecedents
    on
        splits.basket_group = antecedents.basket_group
        and splits.antecedent_key = antecedents.item_key
inner join itemsets as consequents
    on
        splits.basket_group = consequents.basket_group
        and splits.consequent_key = consequents.item_key
