-- Grain: one row per snapshot date and horizon: the window from the snapshot date on,
-- and whether it was over at the learning date.

with

horizons as (

    {{ horizon_rows(var('horizons_days')) }}

),

windows as (

    select
        snapshot_dates.snapshot_date,
        horizons.horizon_days,
        cast({{ dbt.dateadd(
            'day', 'horizons.horizon_days', 'snapshot_dates.snapshot_date'
        ) }} as date) as end_date

    from {{ ref('int_history_dates') }} as snapshot_dates
    cross join horizons

)

select
    windows.*,
    windows.end_date <= {{ learning_date() }} as is_observed

from windows
