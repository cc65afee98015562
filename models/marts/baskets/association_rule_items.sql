-- Grain: one row per basket group, rule and product in it.

with

measures as (

    select * from {{ ref('int_rule_measures') }}

),

names as (

    select * from {{ ref('int_itemsets') }}

),

sides as (

    select
        basket_group,
        rule_number,
        'antecedent' as side,
        antecedent_number as itemset_number

    from measures

    union all

    select
        basket_group,
        rule_number,
        'consequent' as side,
        consequent_number as itemset_number

    from measures

)

select
    sides.basket_group,
    antecedents.itemset_id || '=>' || consequents.itemset_id as rule_id,
    sides.side,
    products.product_id

from sides
inner join measures on sides.rule_number = measures.rule_number
inner join names as antecedents
    on
        measures.basket_group = antecedents.basket_group
        and measures.antecedent_number = antecedents.itemset_number
inner join names as consequents
    on
        measures.basket_group = consequents.basket_group
        and measures.consequent_number = consequents.itemset_number
inner join {{ ref('ml_itemsets') }} as itemsets
    on
        sides.basket_group = itemsets.basket_group
        and sides.itemset_number = itemsets.itemset_number
inner join {{ ref('int_basket_products') }} as products
    on itemsets.item_number = products.item_number
