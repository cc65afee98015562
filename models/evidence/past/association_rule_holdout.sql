-- Grain: one row per basket group, kind of rule, least basket count and least
-- confidence: how the rules that stood before the cut-off did after it.

with

-- Of a rule whose antecedent never came again nothing is known.
rules as (

    select
        basket_group,
        itemset_size,
        joint_count,
        late_antecedent_count,
        joint_count * 1.0 / antecedent_count as confidence,
        -- Of all baskets, or of what is left of them where old ones count less.
        least(
            {{ wilson_low('joint_count', 'antecedent_count') }},
            {{ wilson_low('decayed_joint_count', 'decayed_antecedent_count') }}
        ) as confidence_low,
        joint_count * 1.0 * all_count / (antecedent_count * consequent_count) as lift,
        late_joint_count * 1.0 / late_antecedent_count as holdout_confidence,
        late_joint_count * 1.0 * late_all_count
        / nullif(late_antecedent_count * late_consequent_count, 0) as holdout_lift

    from {{ ref('int_early_rules') }}

    where late_antecedent_count > 0

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
    round(avg(rules.confidence), 9) as confidence_before,
    round(avg(rules.confidence_low), 9) as confidence_low_before,
    round(avg(rules.holdout_confidence), 9) as holdout_confidence,
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
