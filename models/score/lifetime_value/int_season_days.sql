-- Grain: one row per snapshot date and day, from the first order to the end of what is
-- forecast: the season, as the snapshot date knows it.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

days as (

    {{ calendar(
        "(select clock.first_order_date from clock)",
        "(select clock.as_of_date + " ~ (366 * var('lifetime_value_residual_years') + 366)
        ~ " from clock)"
    ) }}

),

-- As learned at the date or, after it, at the learning date.
factors as (

    select
        models.snapshot_date,
        seasons.week_of_year,
        seasons.season_factor

    from {{ ref('int_order_models') }} as models
    inner join {{ ref('ml_seasons') }} as seasons
        on models.learned_date = seasons.snapshot_date::date

    where models.model = 'bg_nbd'

)

select
    factors.snapshot_date,
    days.calendar_date,
    factors.season_factor,
    -- Days of average season before this one, from the first on.
    round(
        coalesce(
            sum(round(factors.season_factor, 9)::decimal(18, 9)) over (
                partition by factors.snapshot_date
                order by days.calendar_date
                rows between unbounded preceding and 1 preceding
            ), 0
        )::double, 9
    ) as effective_day

from factors
inner join days on factors.week_of_year = {{ week_of_year('days.calendar_date') }}
