-- Nothing is learnt from an outcome that was not over at the cut-off: the windows are
-- worked out here anew, from the horizon and from what every run says of itself.

with

targets as (

    select
        target,
        horizon_days

    from {{ ref('prediction_targets') }}

)

select
    windows.target,
    windows.cutoff_date,
    windows.snapshot_date as last_date

from {{ ref('int_training_windows') }} as windows
inner join targets on windows.target = targets.target

where {{ dbt.datediff(
    'windows.snapshot_date', 'windows.cutoff_date', 'day'
) }} < targets.horizon_days

union all

select
    runs.target,
    runs.cutoff_date,
    runs.last_outcome_date as last_date

from {{ ref('model_runs') }} as runs
inner join targets on runs.target = targets.target

where
    runs.last_outcome_date > runs.cutoff_date
    or {{ dbt.datediff(
        'runs.last_training_date', 'runs.cutoff_date', 'day'
    ) }} < targets.horizon_days
