-- Grain: one row per cut-off and customer with a model: the days in which a quarter,
-- half and three quarters of the next orders come, of customers who come back in time.

with

models as (

    select * from {{ ref('int_order_models') }}

    where
        r is not null
        and model = '{{ var("lifetime_value_order_model") }}'

),

scored as (

    select distinct
        cutoff_date,
        is_as_of_date,
        customer_id,
        repeat_day_count,
        age_days

    from {{ ref('int_lifetime_value_scored') }}

),

season as (

    select
        first_days.snapshot_date,
        {{ dbt.datediff('first_days.calendar_date', 'days.calendar_date', 'day') }}
            as day_number,
        days.effective_day - first_days.effective_day as effective_days

    from {{ ref('int_season_days') }} as first_days
    inner join {{ ref('int_season_days') }} as days
        on first_days.snapshot_date = days.snapshot_date

    where
        first_days.calendar_date = first_days.snapshot_date
        and days.calendar_date > first_days.snapshot_date

),

horizon as (

    select
        snapshot_date,
        effective_days

    from season

    where day_number = {{ var('lifetime_value_next_order_days') }}

),

-- Whether a customer is still there cancels out.
pairs as (

    select distinct
        scored.cutoff_date,
        scored.repeat_day_count,
        scored.age_days,
        models.r + scored.repeat_day_count as shape,
        models.alpha + scored.age_days as rate,
        {{ order_probability_if_alive('scored', 'models', 'horizon.effective_days') }}
            as probability

    from scored
    inner join models on scored.cutoff_date = models.snapshot_date
    inner join horizon on scored.cutoff_date = horizon.snapshot_date

),

shares as (

    select 0.25 as share
    union all
    select 0.5 as share
    union all
    select 0.75 as share

),

quantiles as (

    select
        pairs.cutoff_date,
        pairs.repeat_day_count,
        pairs.age_days,
        shares.share,
        pairs.rate
        * (power(1 - shares.share * pairs.probability, -1 / pairs.shape) - 1)
            as effective_days

    from pairs
    cross join shares

),

-- The first day by which as much of the season has passed.
in_days as (

    select
        quantiles.cutoff_date,
        quantiles.repeat_day_count,
        quantiles.age_days,
        min(season.day_number) filter (where quantiles.share = 0.25) as start_day,
        min(season.day_number) filter (where quantiles.share = 0.5) as middle_day,
        min(season.day_number) filter (where quantiles.share = 0.75) as end_day

    from quantiles
    inner join season
        on
            quantiles.cutoff_date = season.snapshot_date
            and season.day_number <= {{ var('lifetime_value_next_order_days') }}
            and (
                quantiles.effective_days <= season.effective_days
                or season.day_number = {{ var('lifetime_value_next_order_days') }}
            )

    group by
        quantiles.cutoff_date,
        quantiles.repeat_day_count,
        quantiles.age_days

)

select
    scored.cutoff_date,
    scored.is_as_of_date,
    scored.customer_id,
    scored.repeat_day_count,
    -- The first day to come is the cut-off itself.
    in_days.start_day - 1 as start_days,
    in_days.middle_day - 1 as middle_days,
    in_days.end_day - 1 as end_days

from scored
inner join in_days
    on
        scored.cutoff_date = in_days.cutoff_date
        and scored.repeat_day_count = in_days.repeat_day_count
        and scored.age_days = in_days.age_days
