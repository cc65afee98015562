-- Nothing is learnt from an outcome that was not over at the cut-off: the windows are
-- worked out here anew, from the horizon.

select
    windows.target,
    windows.cutoff_date,
    windows.snapshot_date

from {{ ref('int_training_windows') }} as windows
inner join {{ ref('prediction_targets') }} as targets
    on windows.target = targets.target

where {{ dbt.datediff(
    'windows.snapshot_date', 'windows.cutoff_date', 'day'
) }} < targets.horizon_days
