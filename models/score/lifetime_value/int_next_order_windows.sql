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
        first_to_last_days,
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

-- Whether a customer is still there cancels out. Where gaps are random, when the last
-- order was does too.
histories as (

    select distinct
        scored.cutoff_date,
        scored.repeat_day_count,
        scored.age_days,
        case when models.k > 1 then scored.first_to_last_days else 0 end
            as first_to_last_days,
        models.k,
        models.r,
        models.alpha,
        {{ order_probability_if_alive('scored', 'models', 'ends.effective_days') }}
            as end_probability

    from scored
    inner join {{ ref('int_order_models') }} as models
        on scored.cutoff_date = models.snapshot_date
    inner join season as ends on scored.cutoff_date = ends.snapshot_date

    where
        models.r is not null
        and models.model = {{ order_model() }}
        and ends.day_number = {{ last_day }}

),

probabilities as (

    select
        histories.cutoff_date,
        histories.repeat_day_count,
        histories.age_days,
        histories.first_to_last_days,
        histories.k,
        histories.end_probability,
        season.day_number,
        {{ order_probability_if_alive(
            'histories', 'histories', 'season.effective_days'
        ) }} as probability

    from histories
    inner join season on histories.cutoff_date = season.snapshot_date

),

-- The first day by which as many have come.
in_days as (

    select
        {% for point, share in shares.items() %}
        min(
            case
                when
                    probability >= {{ share }} * end_probability
                    or day_number = {{ last_day }}
                    then day_number
            end
        ) as {{ point }}_day,
        {% endfor %}
        cutoff_date,
        repeat_day_count,
        age_days,
        first_to_last_days,
        k

    from probabilities

    group by
        cutoff_date,
        repeat_day_count,
        age_days,
        first_to_last_days,
        k

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
        and in_days.first_to_last_days
        = case when in_days.k > 1 then scored.first_to_last_days else 0 end
