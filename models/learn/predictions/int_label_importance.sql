-- Grain: one row per given outcome (or class of it), model, method and feature.

with

outcomes as (

    select
        *,
        count(*) over (partition by class_target) as customer_count,
        sum(outcome) over (partition by class_target) as positive_count,
        avg(outcome) over (partition by class_target) as positive_share

    from {{ ref('int_label_outcomes') }}

),

told as (

    select
        ml.target,
        ml.model,
        ml.feature,
        ml.repeat as repeat_number,
        ml.predicted,
        outcomes.kind,
        outcomes.outcome,
        {{ mean_rank('ml.predicted', 'ml.target, ml.model, ml.feature, ml.repeat') }}
            as predicted_rank

    from {{ ref('ml_label_features') }} as ml
    inner join outcomes
        on ml.target = outcomes.class_target and ml.label_row = outcomes.label_row

),

-- ROC-AUC by the ranks of the positives (Mann and Whitney 1947), of numbers R squared.
measured as (

    select
        target,
        model,
        feature,
        repeat_number,
        case
            when any_value(kind) = 'amount'
                then 1 - avg((predicted - outcome) ^ 2) / nullif(var_pop(outcome), 0)
            else (
                avg(predicted_rank) filter (where outcome = 1)
                - (count(*) filter (where outcome = 1) + 1) / 2.0
            ) / nullif(count(*) filter (where outcome = 0), 0)
        end as measure

    from told

    group by target, model, feature, repeat_number

),

-- Attributes unknown of some customers: of how many, and of how many positives.
blanks as (

    select
        outcomes.class_target as target,
        inputs.feature,
        any_value(outcomes.positive_share) as positive_share,
        any_value(outcomes.customer_count) - count(*) as blank_count,
        any_value(outcomes.positive_count) - sum(outcomes.outcome) as positive_count

    from outcomes
    inner join {{ ref('int_label_inputs') }} as inputs
        on outcomes.label_row = inputs.label_row

    where
        outcomes.kind <> 'amount'
        and starts_with(inputs.feature, 'attribute.')

    group by outcomes.class_target, inputs.feature

)

select
    measured.target,
    measured.model,
    measured.feature,
    case when measured.model = 'alone' then 'alone' else 'permutation' end as method,
    round(avg(coalesce(whole.measure - measured.measure, measured.measure)), 9)
        as importance,
    round(stddev_samp(whole.measure - measured.measure), 9) as importance_std,
    measured.model = 'alone' and avg(measured.measure) > {{ var('label_leak_auc') }}
        as may_know

from measured
left join measured as whole
    on
        measured.target = whole.target and measured.model = whole.model
        and whole.feature is null

where measured.feature is not null

group by measured.target, measured.model, measured.feature

union all

-- Unknown in one class alone, as chance would have it once in twenty times at most.
select
    target,
    'missing' as model,
    feature,
    'missing in one class' as method,
    blank_count::double as importance,
    null as importance_std,
    true as may_know

from blanks

where
    blank_count > 0
    and power(case positive_count
        when 0 then 1 - positive_share when blank_count then positive_share
    end, blank_count) < 0.05
