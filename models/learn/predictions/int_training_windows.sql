-- Grain: one row per target about customers that is ready, cut-off and snapshot date
-- that a model of this cut-off is trained on: its outcome window ended on or before the
-- cut-off.

select
    cutoffs.target,
    cutoffs.cutoff_date,
    cutoffs.tuning_date,
    outcomes.made_date as snapshot_date,
    outcomes.outcome_end_date,
    cutoffs.horizon_days,
    cutoffs.is_serving,
    trained.observed_change,
    served.expected_change,
    targets.positive_when

from {{ ref('int_backtest_cutoffs') }} as cutoffs
inner join {{ ref('int_prediction_readiness') }} as readiness
    on cutoffs.target = readiness.target
inner join {{ ref('prediction_targets') }} as targets
    on cutoffs.target = targets.target
inner join {{ ref('int_outcome_counts') }} as outcomes
    on
        cutoffs.target = outcomes.target
        and cutoffs.cutoff_date >= outcomes.outcome_end_date
inner join {{ ref('int_demand_signals') }} as trained
    on
        outcomes.made_date = trained.snapshot_date
        and cutoffs.horizon_days = trained.horizon_days
inner join {{ ref('int_demand_signals') }} as served
    on
        cutoffs.cutoff_date = served.snapshot_date
        and cutoffs.horizon_days = served.horizon_days

where
    readiness.is_ready
    and targets.population = 'customer'
