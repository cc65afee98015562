-- Grain: one row per target that is ready, cut-off and training snapshot date.

select
    cutoffs.target,
    cutoffs.cutoff_date,
    cutoffs.snapshot_date,
    cutoffs.outcome_end_date,
    cutoffs.horizon_days,
    cutoffs.cutoff_number,
    cutoffs.is_serving,
    cutoffs.observed_change,
    cutoffs.expected_change,
    targets.positive_when

from {{ ref('int_backtest_cutoffs') }} as cutoffs
inner join {{ ref('prediction_targets') }} as targets
    on cutoffs.target = targets.target
inner join {{ ref('int_prediction_readiness') }} as readiness
    on cutoffs.target = readiness.target

where readiness.is_ready
