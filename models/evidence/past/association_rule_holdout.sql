-- Grain: one row per basket group, kind of rule, least basket count and least
-- confidence: how the rules that stood before the cut-off did after it.

with

-- Rules as they were found in the baskets before the hold-out period alone: what came
-- later had no part in the choice. Of a rule whose antecedent never came again nothing
-- is known.
rules as (

    select
        basket_group,
        itemset_size,
        early_joint_count as joint_count,
        antecedent_count - early_antecedent_count as late_antecedent_count,
        early_joint_count * 1.0 / early_antecedent_count as confidence,
        -- Of all baskets, or of what is left of them where old ones count less.
        least(
            {{ wilson_low('early_joint_count', 'early_antecedent_count') }},
            {{ wilson_low(
                'early_decayed_joint_count', 'early_decayed_antecedent_count'
            ) }}
        ) as confidence_low,
        early_joint_count * 1.0 * early_all_count
        / (early_antecedent_count * early_consequent_count) as lift,
        (joint_count - early_joint_count) * 1.0
        / (antecedent_count - early_antecedent_count) as holdout_confidence,
        (joint_count - early_joint_count) * 1.0 * (all_count - early_all_count)
        / nullif(
            (antecedent_count - early_antecedent_count)
            * (consequent_count - early_consequent_count), 0
        ) as holdout_lift

    from {{ ref('int_itemset_splits') }} as splits

    where
        early_joint_count >= (
            select max(itemsets.min_basket_count)
            from {{ ref('ml_itemsets') }} as itemsets
            where itemsets.basket_group = splits.basket_group
        )
        and early_joint_count
        >= {{ var('basket_min_confidence') }} * early_antecedent_count
        and early_joint_count * early_all_count
        > early_antecedent_count * early_consequent_count
        and antecedent_count > early_antecedent_count

),

classes as (

    {% for count in [0, 100] %}
    {% for confidence in [var('basket_min_confidence'), 0.5] %}
    {% for kind, most in [('pairs', 2), ('all', 1000)] %}
    select
        '{{ kind }}' as rule_kind,
        {{ most }} as most_items,
        {{ count }}::bigint as least_count,
        {{ confidence }}::double as least_confidence
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    rules.basket_group,
    classes.rule_kind,

    classes.least_count as basket_count_from,
    classes.least_confidence as confidence_from,
    count(*) as n,
    round(avg(rules.confidence::decimal(18, 9)), 9) as confidence_before,
    round(avg(rules.confidence_low::decimal(18, 9)), 9) as confidence_low_before,
    round(avg(rules.holdout_confidence::decimal(18, 9)), 9) as holdout_confidence,
    round(avg(rules.confidence_low - rules.holdout_confidence), 9) as low_error,
    round(
        sum(
            rules.late_antecedent_count
            * (rules.confidence_low - rules.holdout_confidence)
        ) / sum(rules.late_antecedent_count), 9
    ) as low_error_by_basket,
    round(avg(abs(rules.confidence_low - rules.holdout_confidence)), 9)
        as low_absolute_error,
    round(
        avg(case
            when rules.holdout_confidence >= rules.confidence_low
                then 1.0
            else 0.0
        end), 9
    ) as low_holds_share,
    round(
        avg(case
            when rules.holdout_confidence >= classes.least_confidence
                then 1.0
            else 0.0
        end), 9
    ) as still_confident_share,
    round(avg(case when rules.holdout_lift <= 1 then 1.0 else 0.0 end), 9)
        as lift_lost_share,
    round(median(rules.lift), 9) as median_lift_before,
    round(median(rules.holdout_lift), 9) as median_holdout_lift

from rules
inner join classes
    on
        rules.itemset_size <= classes.most_items
        and rules.joint_count >= classes.least_count
        and rules.confidence >= classes.least_confidence

group by
    rules.basket_group,
    classes.rule_kind,
    classes.least_count,
    classes.least_confidence
