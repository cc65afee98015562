-- Grain: one row per check of what the data allow (seed lifetime_value_checks), and
-- horizon where it is about one: what was found.

with

models as (

    select
        max(is_converged::int) as orders_converged,
        max(is_value_converged::int) as values_converged,
        max(repeater_count) as repeater_count

    from {{ ref('int_order_models') }}

    where
        snapshot_date = {{ as_of_date() }}
        and model = {{ order_model() }}

),

season as (

    select max(season_factor) / min(season_factor) as season_strength

    from {{ ref('lifetime_value_season') }}

    where is_as_of_date

),

customers as (

    select
        *,
        rank() over (order by net_amount desc) as place,
        count(*) over () as customer_count

    from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

),

-- How alike, regular and concentrated they are.
buyers as (

    select
        avg((order_count = 1)::int) as one_time_share,
        -- Random orders vary as much as their mean; regular ones less.
        percentile_cont(0.5) within group (
            order by stddev_days_between_orders / nullif(mean_days_between_orders, 0)
        ) filter (where order_count >= 5) as variation,
        sum(case when place <= ceil(customer_count / 100.0) then net_amount else 0 end)
        ::double / nullif(sum(net_amount), 0)::double as top_share,
        -- Not a number where all order as often, or spend as much per order.
        abs(nullif(
            corr(order_count, ln(average_order_amount::double)) filter (
                where order_count > 1
            ), 'nan'::double
        )) as value_dependence

    from customers

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

{% set chosen = ref('chosen_lifetime_value_models') %}
{% set history = dbt.datediff('first_order_date', 'as_of_date', 'day') %}
{% for check, finding, source, horizon in [
    ('prices', 'has_prices::int', ref('int_log_facts'), 'null'),
    ('history', history, ref('int_as_of_date'), 'null'),
    ('repeat_customers', 'repeater_count', 'models', 'null'),
    ('season_strength', 'season_strength', 'season', 'null'),
    ('convergence_orders', 'orders_converged', 'models', 'null'),
    ('convergence_values', 'values_converged', 'models', 'null'),
    ('one_time_buyer_share', 'one_time_share', 'buyers', 'null'),
    ('regularity', 'variation', 'buyers', 'null'),
    ('wholesale_share', 'top_share', 'buyers', 'null'),
    ('value_independence', 'value_dependence', 'buyers', 'null'),
    ('trials', 'cutoff_count', chosen, 'horizon_days'),
    ('totals', 'mean_absolute_bias', chosen, 'horizon_days'),
    ('typical_customer', 'bias_below_top_decile', chosen, 'horizon_days'),
    ('interval_coverage', 'lowest_interval_coverage', chosen, 'horizon_days'),
    ('less_in', 'customer_share', 'parted', 'horizon_days'),
] %}
select
    '{{ check }}' as check_type,
    {{ horizon }}::bigint as horizon_days,
    ({{ finding }})::double as finding

from {{ source }}
{{ 'union all' if not loop.last }}
{% endfor %}
