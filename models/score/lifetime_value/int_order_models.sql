-- Grain: one row per snapshot date and model of repeat orders that serves at it, with
-- that of order values, fitted at that date or, after it, at the learning date; without
-- parameters where there was not enough to fit. Money is in units of int_money_unit.

with

dates as (

    select
        snapshot_date,
        least(snapshot_date, {{ learning_date() }}) as learned_date

    from {{ ref('int_snapshot_dates') }}

)

select
    dates.snapshot_date,
    dates.learned_date,
    orders.model,
    orders.message,
    orders.k,
    {% for parameter in ['r', 'alpha', 'a', 'b', 'log_likelihood'] %}
    case when not isnan(orders.{{ parameter }}) then orders.{{ parameter }} end
        as {{ parameter }},
    {% endfor %}
    {% for month in range(1, 13) %}
    orders.season_{{ month }},
    {% endfor %}
    orders.customer_count,
    orders.repeater_count,
    orders.is_converged,
    {% for parameter in ['p', 'q', 'gamma'] %}
    case when not isnan(amounts.{{ parameter }}) then amounts.{{ parameter }} end
        as {{ parameter }},
    {% endfor %}
    amounts.mean_amount,
    amounts.is_converged as is_value_converged

from dates
inner join {{ ref('ml_order_models') }} as orders
    on dates.learned_date = orders.snapshot_date::date
left join {{ ref('ml_value_models') }} as amounts
    on dates.learned_date = amounts.snapshot_date::date
