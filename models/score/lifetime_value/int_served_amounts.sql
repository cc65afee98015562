-- Grain: one row per customer, as of the as-of date: the amounts of all horizons with
-- their intervals.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

intervals as (

    select
        forecasts.*,
        forecasts.predicted_amount * factors.low_factor as low_amount,
        forecasts.predicted_amount * factors.high_factor as high_amount

    from {{ ref('int_forecast_amounts') }} as forecasts
    cross join clock
    left join {{ ref('int_interval_factors') }} as factors
        on
            forecasts.model = factors.model
            and forecasts.horizon_days = factors.horizon_days
            and clock.learning_date = factors.cutoff_date
            and forecasts.predicted_amount >= factors.from_amount
            and (
                factors.to_amount is null
                or forecasts.predicted_amount < factors.to_amount
            )

),

wide as (

    select
        customer_number,
        {% for days in lifetime_value_horizons() %}
        {% for amount in ['predicted_amount', 'low_amount', 'high_amount'] %}
        max(case when horizon_days = {{ days }} then {{ amount }} end)
            as {{ amount }}_{{ days }}d,
        {% endfor %}
        {% endfor %}
        count(*) as horizon_count

    from intervals

    group by customer_number

),

-- A log that does not say what things cost foretells no amounts.
with_facts as (

    select
        wide.*,
        facts.has_prices

    from wide
    cross join {{ ref('int_log_facts') }} as facts

)

-- Each horizon is served by the model that was best for it: its amount is raised or cut
-- because of no other (evidence.lifetime_value_fitness says for how many they part).
select
    customer_number,
    {% for days in lifetime_value_horizons() %}
    {% for amount in ['predicted_amount', 'low_amount', 'high_amount'] %}
    case when has_prices then round({{ amount }}_{{ days }}d, 4) end
    ::decimal(38, 4) as {{ amount }}_{{ days }}d,
    {% endfor %}
    {% endfor %}
    horizon_count

from with_facts
