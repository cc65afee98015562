-- Grain: one row per target, model, variant and cut-off that is not the best baseline:
-- by how much its ROC-AUC is above that of the target's best baseline.

with

best_baselines as (

    select
        target,
        model

    from {{ ref('int_classifier_measures') }}

    where is_baseline

    group by
        target,
        model

    qualify
        row_number() over (
            partition by target
            order by round(sum(roc_auc * n) / sum(n), 9) desc, model asc
        ) = 1

),

placements as (

    {{ auc_placements() }}

),

baseline_placements as (

    select placements.*

    from placements
    inner join best_baselines
        on
            placements.target = best_baselines.target
            and placements.model = best_baselines.model

    where placements.is_baseline

),

-- Positives and negatives apart, as DeLong's variance has them.
compared as (

    select
        placements.target,
        placements.model,
        placements.variant,
        placements.cutoff_date,
        placements.is_positive,
        any_value(baseline_placements.model) as baseline_model,
        avg(placements.placement - baseline_placements.placement) as gap,
        var_samp(placements.placement - baseline_placements.placement) / count(*)
            as variance

    from placements
    inner join baseline_placements
        on
            placements.target = baseline_placements.target
            and placements.cutoff_date = baseline_placements.cutoff_date
            and placements.customer_id = baseline_placements.customer_id

    where placements.model <> baseline_placements.model

    group by
        placements.target,
        placements.model,
        placements.variant,
        placements.cutoff_date,
        placements.is_positive

)

select
    target,
    model,
    variant,
    cutoff_date,
    any_value(baseline_model) as baseline_model,
    round(max(case when is_positive then gap end), 9) as auc_gap,
    round(sum(variance), 9) as auc_gap_variance

from compared

group by
    target,
    model,
    variant,
    cutoff_date
