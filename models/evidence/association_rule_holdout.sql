-- Grain: one row per basket group, kind of rule, least basket count and least
-- confidence: how the rules that stood before the cut-off did after it.

with

least_counts as (

    select
        basket_group,
        max(min_basket_count) as min_basket_count

    from {{ ref('ml_itemsets') }}

    group by basket_group

),

-- Found in the baskets before the cut-off alone, by the same least count: what came
-- after had no part in the choice.
rules as (

    select measures.*

    from {{ ref('int_rule_measures') }} as measures
    inner join least_counts
        on
            measures.basket_group = least_counts.basket_group
            and measures.early_joint_count >= least_counts.min_basket_count

    where measures.holdout_confidence is not null

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
    round(avg(rules.early_confidence), 9) as confidence_before,
    round(avg(rules.early_confidence_low), 9) as confidence_low_before,
    round(avg(rules.holdout_confidence), 9) as holdout_confidence,
    round(avg(rules.early_confidence_low - rules.holdout_confidence), 9) as low_error,
    round(
        sum(
            rules.late_antecedent_count
            * (rules.early_confidence_low - rules.holdout_confidence)
        ) / sum(rules.late_antecedent_count), 9
    ) as low_error_by_basket,
    round(avg(abs(rules.early_confidence_low - rules.holdout_confidence)), 9)
        as low_absolute_error,
    round(
        avg(case
            when rules.holdout_confidence >= rules.early_confidence_low
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
    round(median(rules.early_lift), 9) as median_lift_before,
    round(median(rules.holdout_lift), 9) as median_holdout_lift

from rules
inner join classes
    on
        rules.itemset_size <= classes.most_items
        and rules.early_joint_count >= classes.least_count
        and rules.early_confidence >= classes.least_confidence

group by
    rules.basket_group,
    classes.rule_kind,
    classes.least_count,
    classes.least_confidence
