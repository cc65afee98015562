-- Grain: one row per cut-off and calendar month: the season as it was known then, mean
-- of the days of the year to come.

with

cutoffs as (

    select
        cutoff_date,
        max(is_as_of_date::int) = 1 as is_as_of_date

    from {{ ref('int_lifetime_value_cutoffs') }}

    group by cutoff_date

)

select
    cutoffs.cutoff_date,
    extract(month from days.calendar_date)::integer as calendar_month,
    round(avg(round(days.season_factor, 9)::decimal(18, 9)), 9)::double
        as season_factor,
    cutoffs.is_as_of_date

from {{ ref('int_season_days') }} as days
inner join cutoffs on days.snapshot_date = cutoffs.cutoff_date
inner join {{ ref('int_order_models') }} as order_models
    on
        days.snapshot_date = order_models.snapshot_date
        and order_models.model = 'bg_nbd'
        and order_models.r is not null

where
    days.calendar_date >= cutoffs.cutoff_date
    and days.calendar_date < {{ dbt.dateadd('year', 1, 'cutoffs.cutoff_date') }}

group by
    cutoffs.cutoff_date,
    extract(month from days.calendar_date),
    cutoffs.is_as_of_date
