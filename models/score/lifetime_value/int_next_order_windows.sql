-- Grain: one row per cut-off and customer with a model: the days in which a quarter,
-- half and three quarters of the next orders come, of customers who come back in time.

{% set last_day = var('lifetime_value_next_order_days') %}
{% set shares = {'start': 0.25, 'middle': 0.5, 'end': 0.75} %}

with

-- Where gaps are random, it does not matter when the last order was.
scored as (

    select distinct
        scored.cutoff_date,
        scored.is_as_of_date,
        scored.customer_id,
        scored.repeat_day_count,
        scored.age_days,
        case when models.k > 1 then scored.first_to_last_days else 0 end
            as first_to_last_days,
        models.k,
        models.r,
        models.alpha

    from {{ ref('int_lifetime_value_scored') }} as scored
    inner join {{ ref('int_order_models') }} as models
        on scored.cutoff_date = models.snapshot_date

    where
        models.r is not null
        and models.model = {{ order_model() }}

),

season as (

    select
        snapshot_date,
        calendar_date - snapshot_date as day_number,
        effective_day - first_value(effective_day) over (
            partition by snapshot_date order by calendar_date
        ) as effective_days

    from {{ ref('int_season_days') }}

    where calendar_date between snapshot_date and snapshot_date + {{ last_day }}

),

-- Customers with the same history. Whether they are still there cancels out.
alike as (

    select distinct
        scored.cutoff_date,
        scored.repeat_day_count,
        scored.age_days,
        scored.first_to_last_days,
        scored.k,
        scored.r,
        scored.alpha,
        {{ order_probability_if_alive('scored', 'scored', 'ends.effective_days') }}
            as end_probability

    from scored
    inner join season as ends on scored.cutoff_date = ends.snapshot_date

    where ends.day_number = {{ last_day }}

),

probabilities as (

    select
        alike.*,
        days.day_number,
        {{ order_probability_if_alive('alike', 'alike', 'days.effective_days') }}
            as probability

    from alike
    inner join season as days on alike.cutoff_date = days.snapshot_date

    where days.day_number > 0

),

-- The first day by which as many have come.
in_days as (

    select
        {% for point, share in shares.items() %}
        min(day_number) filter (where probability >= {{ share }} * end_probability)
            as {{ point }}_day,
        {% endfor %}
        cutoff_date,
        repeat_day_count,
        age_days,
        first_to_last_days

    from probabilities

    group by all

)

select
    -- The first day to come is the cut-off itself.
    {% for point in shares %}
    coalesce(in_days.{{ point }}_day, {{ last_day }}) - 1 as {{ point }}_days,
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
        and scored.first_to_last_days = in_days.first_to_last_days
