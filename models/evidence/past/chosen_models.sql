-- Grain: one row per target.

with

pooled as (

    select * from {{ ref('classifier_metrics') }}

    where cutoff_date is null

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
        -- Judged at every cut-off; a baseline is not one to serve by rank alone.
        pooled.cutoff_count = (
            select max(all_models.cutoff_count)

            from pooled as all_models

            where all_models.target = pooled.target
        )

),

chosen as (

    select *

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

),

readiness as (

    select
        target,
        missing

    from {{ ref('int_prediction_readiness') }}

    union all

    select
        target,
        missing

    from {{ ref('int_first_order_readiness') }}

    where kind = 'binary'

),

others as (

    select
        readiness.target,
        readiness.missing,
        choices.model,
        choices.is_baseline,
        choices.n,
        choices.cutoff_count,
        choices.reason

    from {{ ref('int_first_order_readiness') }} as readiness
    left join {{ ref('int_first_order_choices') }} as choices
        on readiness.target = choices.target

    where readiness.kind <> 'binary'

)

select
    readiness.target,
    case
        when chosen.target is null then 'not served'
        when chosen.is_baseline then 'baseline served'
        else 'model served'
    end as status,
    chosen.model,
    chosen.variant,
    case
        when readiness.missing is not null then readiness.missing
        when chosen.target is null then 'not enough data: no cut-off could be judged'
        when chosen.is_baseline
            then
                'No model has both a higher ROC-AUC than the best baseline ('
                || round(chosen.baseline_auc, 3)::string
                || ') and a lower Brier score ('
                || round(chosen.baseline_brier, 4)::string
                || '); the baseline with the lowest Brier score is served.'
        else
            'Lowest Brier score (' || round(chosen.brier, 4)::string
            || ', best baseline ' || round(chosen.baseline_brier, 4)::string
            || ') over '
            || chosen.cutoff_count::string || ' cut-offs; ROC-AUC '
            || round(chosen.roc_auc, 3)::string || ' against '
            || round(chosen.baseline_auc, 3)::string || ' of the best baseline ('
            || chosen.baseline_model || '), calibration error '
            || round(chosen.calibration_error, 3)::string || '.'
    end as reason,

    chosen.cutoff_count,
    chosen.n,
    chosen.roc_auc,
    chosen.brier,
    chosen.calibration_error

from readiness
left join chosen on readiness.target = chosen.target

union all

select
    target,
    case
        when model is null then 'not served'
        when is_baseline then 'baseline served'
        else 'model served'
    end as status,
    model,
    case when model is not null then 'plain' end as variant,
    coalesce(
        missing, reason, 'not enough data: no cut-off could be judged'
    ) as reason,

    cutoff_count,
    n,
    null as roc_auc,
    null as brier,
    null as calibration_error

from others
