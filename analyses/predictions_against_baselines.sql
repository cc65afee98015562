-- What do the predictions know that a simple rule does not? (Each target's model beside
-- the best rule, on the same customers: the chance of ranking somebody who will do it
-- above somebody who will not, and what is gained at least, luck aside.)

{{ config(enabled=has_area('predictions')) }}

with

chosen as (

    select * from {{ ref('chosen_models') }}

),

metrics as (

    select * from {{ ref('classifier_metrics') }}

    where
        cutoff_date is null
        and fold is null

),

baselines as (

    select * from metrics

    where is_baseline

)

select
    chosen.target,
    chosen.status,
    metrics.model,
    metrics.baseline_model as best_baseline,

    metrics.n,
    metrics.base_rate,
    metrics.roc_auc,
    baselines.roc_auc as baseline_roc_auc,
    metrics.auc_gap_low as gain_at_least,
    metrics.brier,
    baselines.brier as baseline_brier,
    metrics.mean_calibration_error,
    metrics.worst_calibration_error,
    metrics.calibration_noise

from chosen
inner join metrics
    on
        chosen.target = metrics.target
        and chosen.model = metrics.model
        and chosen.variant = metrics.variant
left join baselines
    on
        metrics.target = baselines.target
        and metrics.baseline_model = baselines.model

order by chosen.target
