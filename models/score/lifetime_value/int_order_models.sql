-- Grain: one row per snapshot date and model of repeat orders that serves at it, with
-- that of order values, fitted at that date or, within a month or after it, at the
-- month's start or the learning date; without parameters where there was not enough
-- to fit. Money is in units of int_money_unit. MBG/CNBD-k whose likeliest gaps are as
-- random as those of MBG/NBD is MBG/NBD, and only the simpler one is there.

with

dates as (

    select
        snapshot_date,
        learned_date

    from {{ ref('int_history_dates') }}

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
    seasons.order_level,
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
inner join {{ ref('ml_seasons') }} as seasons
    on
        dates.learned_date = seasons.snapshot_date::date
        and seasons.week_of_year = 1
left join {{ ref('ml_value_models') }} as amounts
    on dates.learned_date = amounts.snapshot_date::date

where
    orders.model <> 'mbg_cnbd_k'
    or (
        select max(learned.k) from {{ ref('ml_order_models') }} as learned
        where learned.snapshot_date::date = {{ learning_date() }}
    ) > 1
