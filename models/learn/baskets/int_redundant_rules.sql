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

-- Distinct holds engines to this order of joins: one consequent has many rules.
shortened as (

    select distinct
        rules.basket_group,
        rules.rule_number,
        rules.confidence,
        rules.consequent_number,
        parts.antecedent_number as part_number

    from rules
    inner join {{ ref('int_itemset_splits') }} as parts
        on
            rules.basket_group = parts.basket_group
            and rules.antecedent_number = parts.itemset_number

    where rules.antecedent_size > 1

)

select distinct shortened.rule_number

from shortened
inner join rules as simpler_rules
    on
        shortened.basket_group = simpler_rules.basket_group
        and shortened.part_number = simpler_rules.antecedent_number
        and shortened.consequent_number = simpler_rules.consequent_number

where
    simpler_rules.confidence
    > shortened.confidence - {{ var('basket_min_improvement') }}
