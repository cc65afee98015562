-- Grain: one row per target, model, variant and cut-off: the threshold with the best F1
-- at earlier cut-offs whose outcomes were known, or other folds; without one, half.

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
    left join {{ ref('prediction_targets') }} as targets
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
            and (
                cutoffs.cutoff_date >= earlier.outcome_end_date
                or {{ is_other_fold('cutoffs.cutoff_date', 'earlier.cutoff_date') }}
            )
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
        target,
        model,
        variant,
        cutoff_date,
        step,
        2.0 * sum(positive_count) over from_here / (
            sum(n) over from_here
            + sum(positive_count) over (
                partition by target, model, variant, cutoff_date
            )
        ) as f1

    from known

    window from_here as (
        partition by target, model, variant, cutoff_date
        order by step desc
    )

)

select
    cutoffs.target,
    cutoffs.model,
    cutoffs.variant,
    cutoffs.cutoff_date,
    coalesce(accumulated.step / 100, 0.5)::double as threshold,
    accumulated.step is not null as is_learnt

from cutoffs
left join accumulated
    on
        cutoffs.target = accumulated.target
        and cutoffs.model = accumulated.model
        and cutoffs.variant = accumulated.variant
        and cutoffs.cutoff_date = accumulated.cutoff_date
        and accumulated.step > 0

qualify
    row_number() over (
        partition by
            cutoffs.target, cutoffs.model, cutoffs.variant, cutoffs.cutoff_date
        order by round(accumulated.f1, 9) desc, accumulated.step asc
    ) = 1
