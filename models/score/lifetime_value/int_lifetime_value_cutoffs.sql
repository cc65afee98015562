-- Grain: one row per cut-off and horizon: the month starts that forecasts are tried at,
-- and the as-of date.

{% set wanted = var('lifetime_value_cutoff_count') %}

with

horizons as (

    {{ lifetime_value_horizon_rows() }}

),

clock as (

    select * from {{ ref('int_as_of_date') }}

),

month_starts as (

    select snapshot_date from {{ ref('int_snapshot_dates') }}

    where
        not is_as_of_date
        or extract(day from snapshot_date) = 1

),

-- Windows that were over by the learning date.
observed as (

    select
        month_starts.snapshot_date,
        horizons.horizon_days,
        cast({{ dbt.dateadd(
            'day', 'horizons.horizon_days', 'month_starts.snapshot_date'
        ) }} as date) as end_date,
        {{ dbt.datediff(
            'clock.first_order_date', 'month_starts.snapshot_date', 'day'
        ) }}
            as history_days

    from month_starts
    cross join horizons
    cross join clock

    where
        cast({{ dbt.dateadd(
            'day', 'horizons.horizon_days', 'month_starts.snapshot_date'
        ) }} as date) <= clock.learning_date

),

candidates as (

    select
        observed.snapshot_date,
        observed.horizon_days,
        count(earlier.snapshot_date) > 0 as has_training

    from observed
    left join observed as earlier
        on
            observed.horizon_days = earlier.horizon_days
            and observed.snapshot_date >= earlier.end_date

    where observed.history_days >= {{ var('lifetime_value_min_history_days') }}

    group by
        observed.snapshot_date,
        observed.horizon_days

),

-- Where regressors can be trained at some month starts, all are compared at those.
comparable as (

    select
        *,
        max(has_training::int) over (partition by horizon_days) = 1 as any_has_training

    from candidates

),

numbered as (

    select
        snapshot_date,
        horizon_days,
        has_training,
        row_number() over (
            partition by horizon_days
            order by snapshot_date desc
        ) - 1 as months_before_last,
        greatest(count(*) over (partition by horizon_days), {{ wanted }})
            as spread_count

    from comparable

    where has_training = any_has_training

),

-- The last one and others evenly before it, so that all seasons have their turn.
chosen as (

    select
        snapshot_date,
        horizon_days,
        has_training

    from numbered

    where
        floor({{ wanted }} * months_before_last::double / spread_count)
        > floor({{ wanted }} * (months_before_last - 1)::double / spread_count)

)

select
    snapshot_date as cutoff_date,
    horizon_days,
    has_training,
    false as is_as_of_date

from chosen

where snapshot_date < (select clock.as_of_date from clock)

union all

select
    clock.as_of_date as cutoff_date,
    horizons.horizon_days,
    count(observed.snapshot_date) > 0 as has_training,
    true as is_as_of_date

from clock
cross join horizons
left join observed on horizons.horizon_days = observed.horizon_days

where clock.first_order_date < clock.as_of_date

group by
    clock.as_of_date,
    horizons.horizon_days
