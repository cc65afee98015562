-- Grain: one row per basket group, antecedent and consequent with enough confidence.

select
    splits.basket_group,
    splits.itemset_number,
    splits.antecedent_number,
    splits.consequent_number,
    row_number() over (
        order by
            splits.basket_group, splits.antecedent_number, splits.consequent_number
    ) as rule_number,

    itemsets.itemset_size,
    antecedents.itemset_size as antecedent_size,
    consequents.itemset_size as consequent_size,

    groups.basket_count as all_count,
    itemsets.basket_count as joint_count,
    antecedents.basket_count as antecedent_count,
    consequents.basket_count as consequent_count,
    groups.early_basket_count as early_all_count,
    itemsets.early_basket_count as early_joint_count,
    antecedents.early_basket_count as early_antecedent_count,
    consequents.early_basket_count as early_consequent_count,
    itemsets.decayed_count as decayed_joint_count,
    antecedents.decayed_count as decayed_antecedent_count

from {{ ref('int_itemset_splits') }} as splits
inner join {{ ref('int_basket_groups') }} as groups
    on splits.basket_group = groups.basket_group
inner join {{ ref('int_itemsets') }} as itemsets
    on
        splits.basket_group = itemsets.basket_group
        and splits.itemset_number = itemsets.itemset_number
inner join {{ ref('int_itemsets') }} as antecedents
    on
        splits.basket_group = antecedents.basket_group
        and splits.antecedent_number = antecedents.itemset_number
inner join {{ ref('int_itemsets') }} as consequents
    on
        splits.basket_group = consequents.basket_group
        and splits.consequent_number = consequents.itemset_number

where
    itemsets.basket_count
    >= {{ var('basket_min_confidence') }} * antecedents.basket_count
