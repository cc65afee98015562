-- Grain: one row per cut-off, horizon, customer and baseline: what can be said without
-- a model.
{{ config(materialized='view') }}

with

known as (

    select
        scored.cutoff_date,
        scored.horizon_days,
        scored.is_as_of_date,
        scored.customer_id,
        scored.customer_number,
        snapshots.net_amount::double as historic_amount,
        case scored.horizon_days
            {% for days in lifetime_value_horizons() %}
            when {{ days }} then snapshots.net_amount_{{ days }}d
            {% endfor %}
        end::double as last_amount,
        levels.level_factor,
        -- A customer of yesterday would be expected to come every day; and less than a
        -- month of orders says nothing of any horizon.
        case
            when {{ dbt.datediff(
                'clock.first_order_date', 'scored.cutoff_date', 'day'
            ) }} >= 30
                then
                    snapshots.net_amount::double * scored.horizon_days
                    / greatest(snapshots.tenure_days, 30)
        end as run_rate_amount

    from {{ ref('int_lifetime_value_scored') }} as scored
    inner join {{ ref('int_customer_snapshots') }} as snapshots
        on
            scored.customer_id = snapshots.customer_id
            and scored.cutoff_date = snapshots.snapshot_date
    left join {{ ref('int_seasonal_levels') }} as levels
        on
            scored.cutoff_date = levels.cutoff_date
            and scored.horizon_days = levels.horizon_days
    cross join {{ ref('int_as_of_date') }} as clock

)

{% for model, amount in [
    ('zero', '0.0'),
    ('last_period', 'last_amount'),
    ('seasonal_naive', 'last_amount * level_factor'),
    ('run_rate', 'run_rate_amount'),
    ('historic_value', 'historic_amount'),
] %}
select
    cutoff_date,
    horizon_days,
    is_as_of_date,
    customer_id,
    customer_number,
    '{{ model }}' as model,
    round({{ amount }}, 9) as predicted_amount

from known
{% if model == 'seasonal_naive' %}
-- Without a year there is no season.
where level_factor is not null
{% endif %}
{{ 'union all' if not loop.last }}
{% endfor %}
