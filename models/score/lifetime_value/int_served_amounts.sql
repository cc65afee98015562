-- Grain: one row per customer, as of the as-of date: the amounts of all horizons with
-- their intervals, each by the model that was best for it. None is raised or cut
-- because of another (evidence.lifetime_value_fitness says for how many they part).

with

predicted as (

    {{ predicted_amounts(true, 'ml_amount_forecasts') }}

),

served as (

    {{ blended_amounts('predicted', ref('int_lifetime_value_members')) }}

),

intervals as (

    select
        served.customer_number,
        served.horizon_days,
        served.predicted_amount,
        served.predicted_amount * factors.low_factor as low_amount,
        served.predicted_amount * factors.high_factor as high_amount,
        factors.nothing_share

    from served
    left join {{ ref('int_interval_factors') }} as factors
        on
            served.model = factors.model
            and served.horizon_days = factors.horizon_days
            and factors.cutoff_date = {{ learning_date() }}
            and served.predicted_amount >= factors.from_amount
            and (
                factors.to_amount is null
                or served.predicted_amount < factors.to_amount
            )

)

-- A log that does not say what things cost foretells no amounts.
select
    intervals.customer_number,
    {% for days in lifetime_value_horizons() %}
    {% for amount in ['predicted_amount', 'low_amount', 'high_amount'] %}
    round(
        max(
            case
                when facts.has_prices and intervals.horizon_days = {{ days }}
                    then intervals.{{ amount }}
            end
        ), 4
    )::decimal(38, 4) as {{ amount }}_{{ days }}d,
    {% endfor %}
    max(
        case
            when facts.has_prices and intervals.horizon_days = {{ days }}
                then intervals.nothing_share
        end
    ) as nothing_probability_{{ days }}d,
    {% endfor %}
    count(*) as horizon_count

from intervals
cross join {{ ref('int_log_facts') }} as facts

group by intervals.customer_number
