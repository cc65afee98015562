-- Grain: one row per basket group, antecedent and consequent.

with

measures as (

    select * from {{ ref('int_rule_measures') }}

),

names as (

    select * from {{ ref('int_itemsets') }}

)

select
    measures.basket_group,
    antecedents.itemset_id || '=>' || consequents.itemset_id as rule_id,
    antecedents.itemset_id as antecedent_id,
    consequents.itemset_id as consequent_id,

    antecedents.itemset as antecedent,
    consequents.itemset as consequent,

    measures.antecedent_size,
    measures.consequent_size,
    measures.joint_count as basket_count,
    measures.antecedent_count as antecedent_basket_count,
    measures.consequent_count as consequent_basket_count,
    round(measures.support, 9) as support,
    round(measures.confidence, 9) as confidence,
    round(measures.confidence_low, 9) as confidence_low,
    round(measures.lift, 9) as lift,
    round(measures.leverage, 9) as leverage,
    round(measures.conviction, 9) as conviction,
    round(measures.zhang, 9) as zhang,
    round(measures.jaccard, 9) as jaccard,
    significance.p_value,
    significance.adjusted_p_value,
    round(measures.early_confidence, 9) as confidence_before,
    round(measures.early_lift, 9) as lift_before,
    round(measures.holdout_confidence, 9) as holdout_confidence,
    round(measures.holdout_lift, 9) as holdout_lift,
    measures.late_antecedent_count as holdout_antecedent_count,
    (
        consequents.price_sum * (measures.confidence - measures.consequent_support)
    )::decimal(38, 4) as expected_extra_amount,

    redundant_rules.rule_number is not null as is_redundant,
    significance.adjusted_p_value
    <= {{ var('basket_false_discovery_rate') }} as is_significant

from measures
inner join names as antecedents
    on
        measures.basket_group = antecedents.basket_group
        and measures.antecedent_number = antecedents.itemset_number
inner join names as consequents
    on
        measures.basket_group = consequents.basket_group
        and measures.consequent_number = consequents.itemset_number
inner join {{ ref('int_rule_significance') }} as significance
    on measures.rule_number = significance.rule_number
left join {{ ref('int_redundant_rules') }} as redundant_rules
    on measures.rule_number = redundant_rules.rule_number
