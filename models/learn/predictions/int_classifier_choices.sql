-- Grain: one row per target that could be judged: the model or baseline that serves.

with

pooled as (

    select * from {{ ref('classifier_metrics') }}

    where
        cutoff_date is null
        and fold is null

),

best_baselines as (

    select
        target,
        max(roc_auc) as baseline_auc,
        min(brier) as baseline_brier

    from pooled

    where is_baseline

    group by target

),

ranked as (

    select
        pooled.*,
        best_baselines.baseline_auc,
        best_baselines.baseline_brier,
        pooled.is_baseline
        or (
            pooled.roc_auc > best_baselines.baseline_auc
            and pooled.brier < best_baselines.baseline_brier
            and not pooled.is_suspicious
        ) as is_allowed

    from pooled
    inner join best_baselines on pooled.target = best_baselines.target

    where
        -- What is without events is there to tell what events add.
        pooled.variant <> 'without_events'
        -- Judged at every cut-off; a baseline is not one to serve by rank alone.
        and pooled.cutoff_count = (
            select max(all_models.cutoff_count)

            from pooled as all_models

            where all_models.target = pooled.target
        )

)

select
    target,
    model,
    variant,
    is_baseline,
    brier,
    roc_auc,
    calibration_error,
    mean_calibration_error,
    worst_calibration_error,
    calibration_noise,
    auc_gap_low,
    n,
    cutoff_count,
    baseline_model,
    baseline_auc,
    baseline_brier

from ranked

where is_allowed

qualify
    row_number() over (
        partition by target
        order by
            case when is_baseline then 1 else 0 end asc,
            -- Less than a thousandth of Brier score is noise.
            round(brier, 3) asc,
            round(roc_auc, 3) desc,
            brier asc,
            model asc,
            variant asc
    ) = 1
