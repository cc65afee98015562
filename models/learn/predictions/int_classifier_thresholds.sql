-- Grain: one row per target, model, variant and cut-off: the threshold with the best F1
-- at earlier cut-offs whose outcomes were known; without one, half.

with

cutoffs as (

    select distinct
        scores.target,
        scores.model,
        scores.variant,
        scores.cutoff_date,
        cast({{ dbt.dateadd(
            'day', 'targets.horizon_days', 'scores.cutoff_date'
        ) }} as date) as outcome_end_date

    from {{ ref('int_classifier_scores') }} as scores
    inner join {{ ref('prediction_targets') }} as targets
        on scores.target = targets.target

),

-- Hundredths: finer thresholds are noise.
steps as (

    select
        target,
        model,
        variant,
        cutoff_date,
        floor(100 * probability) as step,
        sum(n) as n,
        sum(positive_count) as positive_count

    from {{ ref('int_classifier_scores') }}

    group by all

),

known as (

    select
        cutoffs.target,
        cutoffs.model,
        cutoffs.variant,
        cutoffs.cutoff_date,
        steps.step,
        sum(steps.n) as n,
        sum(steps.positive_count) as positive_count

    from cutoffs
    inner join cutoffs as earlier
        on
            cutoffs.target = earlier.target
            and cutoffs.model = earlier.model
            and cutoffs.variant = earlier.variant
            and cutoffs.cutoff_date >= earlier.outcome_end_date
    inner join steps
        on
            earlier.target = steps.target
            and earlier.model = steps.model
            and earlier.variant = steps.variant
            and earlier.cutoff_date = steps.cutoff_date

    group by all

),

accumulated as (

    select
        *,
        sum(n) over (
            partition by target, model, variant, cutoff_date
            order by step desc
        ) as predicted_count,
        sum(positive_count) over (
            partition by target, model, variant, cutoff_date
            order by step desc
        ) as found_count,
        sum(positive_count) over (partition by target, model, variant, cutoff_date)
            as positive_count_all

    from known

),

best as (

    select
        target,
        model,
        variant,
        cutoff_date,
        step / 100 as threshold

    from accumulated

    where step > 0

    qualify
        row_number() over (
            partition by target, model, variant, cutoff_date
            order by
                round(
                    2.0 * found_count / (predicted_count + positive_count_all), 9
                ) desc,
                step asc
        ) = 1

)

select
    cutoffs.target,
    cutoffs.model,
    cutoffs.variant,
    cutoffs.cutoff_date,
    coalesce(best.threshold, 0.5)::double as threshold,
    best.threshold is not null as is_learnt

from cutoffs
left join best
    on
        cutoffs.target = best.target
        and cutoffs.model = best.model
        and cutoffs.variant = best.variant
        and cutoffs.cutoff_date = best.cutoff_date
