-- Grain: one row per cut-off, horizon and snapshot whose outcomes were known by then.

with

cutoffs as (

    select * from {{ ref('int_lifetime_value_cutoffs') }}

),

snapshot_dates as (

    select snapshot_date from {{ ref('int_snapshot_dates') }}

    where extract(day from snapshot_date) = 1

),

known as (

    select
        cutoffs.cutoff_date,
        cutoffs.horizon_days,
        snapshot_dates.snapshot_date,
        cast({{ dbt.dateadd(
            'day', 'cutoffs.horizon_days', 'snapshot_dates.snapshot_date'
        ) }} as date) as outcome_end_date,
        row_number() over (
            partition by cutoffs.cutoff_date, cutoffs.horizon_days
            order by snapshot_dates.snapshot_date desc
        ) as snapshot_number

    from cutoffs
    inner join snapshot_dates
        on
            cast({{ dbt.dateadd(
                'day', 'cutoffs.horizon_days', 'snapshot_dates.snapshot_date'
            ) }} as date) <= least(cutoffs.cutoff_date, {{ learning_date() }})

)

select
    known.cutoff_date,
    known.horizon_days,
    known.snapshot_date,
    known.outcome_end_date,
    -- Orders in the window against a year without seasons, as the cut-off knows.
    (ends.effective_day - first_days.effective_day) / known.horizon_days as season_index

from known
inner join {{ ref('int_season_days') }} as first_days
    on
        known.cutoff_date = first_days.snapshot_date
        and known.snapshot_date = first_days.calendar_date
inner join {{ ref('int_season_days') }} as ends
    on
        known.cutoff_date = ends.snapshot_date
        and known.outcome_end_date = ends.calendar_date

where known.snapshot_number <= {{ var('lifetime_value_training_snapshots') }}
