-- Grain: one row per sampled customer at the last earlier cut-off of the shortest
-- horizon: features before it, the amount after it.

with

outcomes as (

    select
        horizon_days,
        cutoff_date,
        customer_id,
        actual_amount

    from {{ ref('int_backtest_amounts') }}

    where
        model = 'zero'
        and horizon_days = {{ lifetime_value_horizons() | first }}

)

select
    outcomes.horizon_days,
    outcomes.actual_amount,
    outcomes.cutoff_date,
    {% for feature in snapshot_features() %}
    features.{{ feature }},
    {% endfor %}
    customers.customer_number

from outcomes
inner join {{ ref('int_purchase_histories') }} as customers
    on
        outcomes.customer_id = customers.customer_id
        and outcomes.cutoff_date = customers.snapshot_date
inner join {{ ref('int_lifetime_value_features') }} as features
    on
        customers.customer_number = features.customer_number
        and outcomes.cutoff_date = features.cutoff_date

where
    outcomes.cutoff_date = (select max(known.cutoff_date) from outcomes as known)

qualify
    row_number() over (order by customers.draw_number)
    <= {{ var('lifetime_value_importance_customers') }}
