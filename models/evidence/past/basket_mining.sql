-- Grain: one row per basket group and itemset size: what was mined and what was found.

with

sizes as (

    {% for size in range(1, var('basket_max_itemset_size') + 1) %}
    select {{ size }} as itemset_size
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

found as (

    select
        basket_group,
        itemset_size,
        count(*) filter (where item_position = 1) as itemset_count,
        max(tested_count) as tested_count,
        max(min_basket_count) as min_basket_count

    from {{ ref('ml_itemsets') }}

    group by
        basket_group,
        itemset_size

),

rules as (

    select
        basket_group,
        itemset_size,
        count(*) as rule_count

    from {{ ref('int_rule_measures') }}

    group by
        basket_group,
        itemset_size

),

bulk_baskets as (

    select count(*) as bulk_basket_count from {{ ref('int_orders') }}

    where
        product_count > {{ var('basket_max_products') }}
        and ordered_date < {{ learning_date() }}

),

counted as (

    select
        groups.basket_group,
        sizes.itemset_size::bigint as itemset_size,
        groups.basket_count,
        bulk_baskets.bulk_basket_count,
        coalesce(
            max(found.min_basket_count) over (partition by groups.basket_group),
            groups.min_basket_count
        ) as min_basket_count,
        groups.min_basket_count as asked_count,
        coalesce(found.tested_count, 0) as tested_count,
        coalesce(found.itemset_count, 0) as itemset_count,
        coalesce(rules.rule_count, 0) as rule_count

    from {{ ref('int_basket_groups') }} as groups
    cross join sizes
    cross join bulk_baskets
    left join found
        on
            groups.basket_group = found.basket_group
            and sizes.itemset_size = found.itemset_size
    left join rules
        on
            groups.basket_group = rules.basket_group
            and sizes.itemset_size = rules.itemset_size

)

select
    basket_group,
    '{{ var("basket_engine") }}' as engine,
    case
        when basket_count < min_basket_count
            then
                'not enough data: needs ' || min_basket_count::string
                || ' baskets with products, has ' || basket_count::string
        when itemset_count = 0
            then
                'no itemset of this size is in ' || min_basket_count::string
                || ' baskets or more'
        when min_basket_count > asked_count
            then
                'ready; the least count was raised to stay within '
                || '{{ var("basket_max_itemsets") }} itemsets (basket_max_itemsets)'
        else 'ready'
    end as status,

    itemset_size,
    basket_count,
    bulk_basket_count,
    min_basket_count,
    case
        when basket_count >= min_basket_count
            then round(min_basket_count * 1.0 / basket_count, 9)
    end as min_support,
    tested_count,
    itemset_count,
    rule_count,

    itemset_count > 0 as is_ready

from counted
