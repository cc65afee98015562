-- Grain: one row per cut-off and horizon: the dates that forecasts are tried at, month
-- starts and middles of months in turn, and the as-of date.

{% set wanted = var('lifetime_value_cutoff_count') %}
{% set spacing = lifetime_value_spacing() %}

with

horizons as (

    {{ horizon_rows(lifetime_value_horizons()) }}

),

clock as (

    select * from {{ ref('int_as_of_date') }}

),

windows as (

    select
        dates.snapshot_date,
        dates.learned_date,
        dates.is_within_month,
        horizons.horizon_days,
        cast({{ dbt.dateadd(
            'day', 'horizons.horizon_days', 'dates.snapshot_date'
        ) }} as date) as end_date,
        {{ dbt.datediff('clock.first_order_date', 'dates.snapshot_date', 'day') }}
            as history_days,
        {{ dbt.datediff('clock.first_order_date', 'dates.snapshot_date', 'month') }}
            as month_number

    from {{ ref('int_history_dates') }} as dates
    cross join horizons
    cross join clock

    where
        dates.is_within_month
        or extract(day from dates.snapshot_date) = 1

),

-- Windows that were over by the learning date. Regressors can be trained where the
-- first of them was over.
observed as (

    select
        *,
        min(case when not is_within_month then end_date end)
            over (partition by horizon_days)
        <= learned_date as has_training

    from windows

    where end_date <= {{ learning_date() }}

),

-- Where regressors can be trained at half as many month starts as are wanted, all are
-- compared at those; one would say less than several without them.
comparable as (

    select *

    from observed

    where
        history_days >= {{ var('lifetime_value_min_history_days') }}
        -- One of a month: its middle or its start.
        and (is_within_month or month_number % {{ 2 * spacing }} <> {{ spacing }})

    qualify
        has_training
        or 2 * sum(has_training::int) over (partition by horizon_days) < {{ wanted }}

)

-- The last of them that make a year of seasons. They are counted from the first order,
-- so that a month from now the same ones are tried again; months between fill up while
-- there are too few.
select
    snapshot_date as cutoff_date,
    learned_date,
    horizon_days,
    has_training,
    false as is_as_of_date

from comparable

qualify
    row_number() over (
        partition by horizon_days
        order by
            case when month_number % {{ spacing }} = 0 then 0 else 1 end,
            snapshot_date desc
    ) <= {{ wanted }}

union all

select
    clock.as_of_date as cutoff_date,
    clock.learning_date as learned_date,
    horizons.horizon_days,
    horizons.horizon_days in (select observed.horizon_days from observed)
        as has_training,
    true as is_as_of_date

from clock
cross join horizons

where clock.first_order_date < clock.as_of_date
