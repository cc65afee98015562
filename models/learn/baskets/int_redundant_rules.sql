-- Grain: one row per rule whose confidence fewer items nearly reach.

with

rules as (

    select
        basket_group,
        rule_number,
        antecedent_number,
        consequent_number,
        antecedent_size,
        joint_count * 1.0 / antecedent_count as confidence

    from {{ ref('int_itemset_splits') }}

    where is_confident

),

parts as (

    select
        basket_group,
        itemset_number,
        antecedent_number as part_number

    from {{ ref('int_itemset_splits') }}

)

select distinct rules.rule_number

from rules
inner join parts
    on
        rules.basket_group = parts.basket_group
        and rules.antecedent_number = parts.itemset_number
inner join rules as simpler_rules
    on
        rules.basket_group = simpler_rules.basket_group
        and parts.part_number = simpler_rules.antecedent_number
        and rules.consequent_number = simpler_rules.consequent_number

where
    rules.antecedent_size > 1
    and simpler_rules.confidence
    > rules.confidence - {{ var('basket_min_improvement') }}
