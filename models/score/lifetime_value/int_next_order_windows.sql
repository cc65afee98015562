-- Grain: one row per cut-off and customer with a model: the days in which a quarter,
-- half and three quarters of the next orders come, of customers who come back in time.

{% set last_day = var('lifetime_value_next_order_days') %}
{% set shares = {'start': 0.25, 'middle': 0.5, 'end': 0.75} %}

with

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
        on
            first_days.snapshot_date = days.snapshot_date
            and first_days.calendar_date < days.calendar_date
            and first_days.calendar_date + {{ last_day }} >= days.calendar_date

    where first_days.calendar_date = first_days.snapshot_date

),

-- Whether a customer is still there cancels out.
pairs as (

    select distinct
        scored.cutoff_date,
        scored.repeat_day_count,
        scored.age_days,
        models.r + scored.repeat_day_count as shape,
        models.alpha + scored.age_days as rate,
        {{ order_probability_if_alive('scored', 'models', 'ends.effective_days') }}
            as probability

    from scored
    inner join {{ ref('int_order_models') }} as models
        on scored.cutoff_date = models.snapshot_date
    inner join season as ends on scored.cutoff_date = ends.snapshot_date

    where
        models.r is not null
        and models.model = '{{ var("lifetime_value_order_model") }}'
        and ends.day_number = {{ last_day }}

),

quantiles as (

    select
        {% for point, share in shares.items() %}
        rate * (power(1 - {{ share }} * probability, -1 / shape) - 1)
            as {{ point }}_days,
        {% endfor %}
        cutoff_date,
        repeat_day_count,
        age_days

    from pairs

),

-- The first day by which as much of the season has passed.
in_days as (

    select
        {% for point in shares %}
        min(season.day_number) filter (
            where season.effective_days >= quantiles.{{ point }}_days
            or season.day_number = {{ last_day }}
        ) as {{ point }}_day,
        {% endfor %}
        quantiles.cutoff_date,
        quantiles.repeat_day_count,
        quantiles.age_days

    from quantiles
    inner join season on quantiles.cutoff_date = season.snapshot_date

    group by
        quantiles.cutoff_date,
        quantiles.repeat_day_count,
        quantiles.age_days

)

select
    -- The first day to come is the cut-off itself.
    {% for point in shares %}
    in_days.{{ point }}_day - 1 as {{ point }}_days,
    {% endfor %}
    scored.cutoff_date,
    scored.is_as_of_date,
    scored.customer_id,
    scored.repeat_day_count

from scored
inner join in_days
    on
        scored.cutoff_date = in_days.cutoff_date
        and scored.repeat_day_count = in_days.repeat_day_count
        and scored.age_days = in_days.age_days
