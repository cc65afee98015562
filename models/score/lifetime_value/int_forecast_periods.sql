-- Grain: one row per cut-off and day that orders are forecast up to: the end of each
-- horizon, and as of the as-of date the end of months and quarters to come.

with

cutoffs as (

    select * from {{ ref('int_lifetime_value_cutoffs') }}

),

clock as (

    select * from {{ ref('int_as_of_date') }}

),

ends as (

    select
        cutoff_date,
        'horizon' as period_kind,
        horizon_days as period_number,
        cast({{ dbt.dateadd('day', 'horizon_days', 'cutoff_date') }} as date)
            as end_date

    from cutoffs

    union all

    -- What the season is worth: the same forecasts without it.
    select
        cutoff_date,
        'without_season' as period_kind,
        horizon_days as period_number,
        cast({{ dbt.dateadd('day', 'horizon_days', 'cutoff_date') }} as date)
            as end_date

    from cutoffs

    where not is_as_of_date

    {% for month in range(1, var('lifetime_value_months') + 1) %}
    union all

    select
        as_of_date as cutoff_date,
        'month' as period_kind,
        {{ month }} as period_number,
        cast({{ dbt.dateadd(
            'month', month, dbt.date_trunc('month', 'as_of_date')
        ) }} as date) as end_date

    from clock
    {% endfor %}
    {% for quarter in range(1, 4 * var('lifetime_value_residual_years') + 1) %}
    union all

    select
        as_of_date as cutoff_date,
        'quarter' as period_kind,
        {{ quarter }} as period_number,
        cast({{ dbt.dateadd('month', 3 * quarter, 'as_of_date') }} as date) as end_date

    from clock
    {% endfor %}

)

select
    ends.cutoff_date,
    ends.period_kind,
    ends.period_number,
    ends.end_date,
    {{ dbt.datediff('ends.cutoff_date', 'ends.end_date', 'day') }}
        as days,
    case
        when ends.period_kind = 'without_season'
            then {{ dbt.datediff('ends.cutoff_date', 'ends.end_date', 'day') }}
        else round(last_days.effective_day - first_days.effective_day, 9)
    end::double as effective_days

from ends
inner join {{ ref('int_season_days') }} as first_days
    on
        ends.cutoff_date = first_days.snapshot_date
        and ends.cutoff_date = first_days.calendar_date
inner join {{ ref('int_season_days') }} as last_days
    on
        ends.cutoff_date = last_days.snapshot_date
        and ends.end_date = last_days.calendar_date
