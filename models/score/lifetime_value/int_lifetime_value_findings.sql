-- Grain: one row per check of what the data allow (seed lifetime_value_checks), and
-- horizon where it is about one: what was found.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

order_model as (

    select
        max(order_models.is_converged::int) as is_converged,
        {% set months = [] %}
        {% for month in range(1, 13) %}{% do months.append('season_' ~ month) %}
        {%- endfor %}
        max(greatest({{ months | join(', ') }}) / least({{ months | join(', ') }}))
            as season_strength,
        max(order_models.repeater_count) as repeater_count

    from {{ ref('int_order_models') }} as order_models
    inner join clock on order_models.snapshot_date = clock.as_of_date

    where order_models.model = '{{ var("lifetime_value_order_model") }}'

),

value_model as (

    select max(value_models.is_converged::int) as is_converged

    from {{ ref('int_value_models') }} as value_models
    inner join clock on value_models.snapshot_date = clock.as_of_date

),

buyers as (

    select * from {{ ref('int_buyer_measures') }}

),

history as (

    select
        max({{ dbt.datediff('first_order_date', 'as_of_date', 'day') }}) as day_count

    from clock

),

facts as (

    select * from {{ ref('int_log_facts') }}

),

chosen as (

    select * from {{ ref('chosen_lifetime_value_models') }}

),

-- Each horizon is served by the model that was best for it.
parted as (

    {% for shorter, longer in [(90, 180), (180, 365)] %}
    select
        {{ longer }} as horizon_days,
        avg(
            (predicted_amount_{{ longer }}d < predicted_amount_{{ shorter }}d)::int
        ) as customer_share

    from {{ ref('int_served_amounts') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

{% for check, finding, source, horizon in [
    ('prices', 'has_prices::int', 'facts', 'null'),
    ('history', 'day_count', 'history', 'null'),
    ('repeat_customers', 'repeater_count', 'order_model', 'null'),
    ('season_strength', 'season_strength', 'order_model', 'null'),
    ('convergence_orders', 'is_converged', 'order_model', 'null'),
    ('convergence_values', 'is_converged', 'value_model', 'null'),
    ('one_time_buyer_share', 'one_time_share', 'buyers', 'null'),
    ('regularity', 'variation', 'buyers', 'null'),
    ('wholesale_share', 'top_share', 'buyers', 'null'),
    ('value_independence', 'value_dependence', 'buyers', 'null'),
    ('trials', 'cutoff_count', 'chosen', 'horizon_days'),
    ('interval_coverage', 'interval_coverage', 'chosen', 'horizon_days'),
    ('less_in', 'customer_share', 'parted', 'horizon_days'),
] %}
select
    '{{ check }}' as check_type,
    {{ horizon }}::bigint as horizon_days,
    ({{ finding }})::double as finding

from {{ source }}
{{ 'union all' if not loop.last }}
{% endfor %}
