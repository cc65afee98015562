-- No fit of any area says of itself that it saw an outcome that was not over at its
-- cut-off; of predictions this is worked out anew, from the horizon.

select
    runs.area,
    runs.target,
    runs.cutoff_date,
    runs.last_outcome_date

from {{ ref('model_runs') }} as runs
left join {{ ref('prediction_targets') }} as targets
    on
        runs.target = targets.target
        and runs.area = 'predictions'

where
    runs.last_outcome_date > runs.cutoff_date
    or {{ dbt.datediff(
        'runs.last_training_date', 'runs.cutoff_date', 'day'
    ) }} < targets.horizon_days
