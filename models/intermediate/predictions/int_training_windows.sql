-- Grain: one row per target that is ready, cut-off and training snapshot date.

select
    cutoffs.*,
    targets.positive_when

from {{ ref('int_backtest_cutoffs') }} as cutoffs
inner join {{ ref('prediction_targets') }} as targets
    on cutoffs.target = targets.target
inner join {{ ref('int_prediction_readiness') }} as readiness
    on cutoffs.target = readiness.target

where readiness.is_ready
