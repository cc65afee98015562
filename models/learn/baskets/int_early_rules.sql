-- Grain: one row per rule as it was found in the baskets before the hold-out period
-- alone, by the same least count, confidence and lift: what came later had no part in
-- the choice.

with

least_counts as (

    select
        basket_group,
        max(min_basket_count) as min_basket_count

    from {{ ref('ml_itemsets') }}

    group by basket_group

),

itemsets as (

    select
        *,
        basket_count - early_basket_count as late_basket_count

    from {{ ref('int_itemsets') }}

)

select
    splits.basket_group,
    splits.antecedent_number,
    splits.consequent_number,

    itemsets.itemset_size,
    groups.early_basket_count as all_count,
    itemsets.early_basket_count as joint_count,
    antecedents.early_basket_count as antecedent_count,
    consequents.early_basket_count as consequent_count,
    itemsets.early_decayed_count as decayed_joint_count,
    antecedents.early_decayed_count as decayed_antecedent_count,
    groups.basket_count - groups.early_basket_count as late_all_count,
    itemsets.late_basket_count as late_joint_count,
    antecedents.late_basket_count as late_antecedent_count,
    consequents.late_basket_count as late_consequent_count

from {{ ref('int_itemset_splits') }} as splits
inner join {{ ref('int_basket_groups') }} as groups
    on splits.basket_group = groups.basket_group
inner join least_counts on splits.basket_group = least_counts.basket_group
inner join itemsets
    on
        splits.basket_group = itemsets.basket_group
        and splits.itemset_number = itemsets.itemset_number
        and least_counts.min_basket_count <= itemsets.early_basket_count
inner join itemsets as antecedents
    on
        splits.basket_group = antecedents.basket_group
        and splits.antecedent_number = antecedents.itemset_number
inner join itemsets as consequents
    on
        splits.basket_group = consequents.basket_group
        and splits.consequent_number = consequents.itemset_number

where
    itemsets.early_basket_count
    >= {{ var('basket_min_confidence') }} * antecedents.early_basket_count
    and itemsets.early_basket_count * groups.early_basket_count
    > antecedents.early_basket_count * consequents.early_basket_count
