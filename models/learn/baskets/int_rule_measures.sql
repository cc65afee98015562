-- Grain: one row per rule that more than chance speaks for: lift above 1.

with

shares as (

    select
        *,
        joint_count * 1.0 / all_count as support,
        antecedent_count * 1.0 / all_count as antecedent_support,
        consequent_count * 1.0 / all_count as consequent_support,
        joint_count * 1.0 / antecedent_count as confidence,
        all_count - early_all_count as late_all_count,
        joint_count - early_joint_count as late_joint_count,
        antecedent_count - early_antecedent_count as late_antecedent_count,
        consequent_count - early_consequent_count as late_consequent_count

    from {{ ref('int_itemset_splits') }}

    where is_confident

)

select
    basket_group,
    rule_number,
    itemset_number,
    antecedent_number,
    consequent_number,

    itemset_size,
    antecedent_size,
    consequent_size,
    joint_count,
    antecedent_count,
    consequent_count,
    late_antecedent_count,

    support,
    antecedent_support,
    consequent_support,
    confidence,
    -- Of all baskets, or of what is left of them where old ones count less.
    least(
        {{ wilson_low('joint_count', 'antecedent_count') }},
        {{ wilson_low('decayed_joint_count', 'decayed_antecedent_count') }}
    ) as confidence_low,
    confidence / consequent_support as lift,
    support - antecedent_support * consequent_support as leverage,
    -- Without a counter-example it is infinite.
    (1 - consequent_support) / nullif(1 - confidence, 0) as conviction,
    (support - antecedent_support * consequent_support)
    / greatest(
        support * (1 - antecedent_support),
        antecedent_support * (consequent_support - support)
    ) as zhang,
    joint_count * 1.0 / (antecedent_count + consequent_count - joint_count) as jaccard,

    early_joint_count * 1.0 / nullif(early_antecedent_count, 0) as early_confidence,
    early_joint_count * 1.0 * early_all_count
    / nullif(early_antecedent_count * early_consequent_count, 0) as early_lift,
    late_joint_count * 1.0 / nullif(late_antecedent_count, 0) as holdout_confidence,
    late_joint_count * 1.0 * late_all_count
    / nullif(late_antecedent_count * late_consequent_count, 0) as holdout_lift

from shares

where joint_count * all_count > antecedent_count * consequent_count
