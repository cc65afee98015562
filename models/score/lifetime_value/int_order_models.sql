-- Grain: one row per snapshot date and model of repeat orders that serves at it, fitted
-- at that date or, after it, at the learning date; without parameters where there were
-- not enough repeat orders to fit.

select
    dates.snapshot_date,
    dates.learned_date,
    fits.model,
    fits.message,
    {% for parameter in ['r', 'alpha', 'a', 'b', 'log_likelihood'] %}
    case when not isnan(fits.{{ parameter }}) then fits.{{ parameter }} end
        as {{ parameter }},
    {% endfor %}
    {% for month in range(1, 13) %}
    fits.season_{{ month }},
    {% endfor %}
    fits.customer_count,
    fits.repeater_count,
    fits.is_converged

from {{ ref('int_learned_dates') }} as dates
inner join {{ ref('ml_order_models') }} as fits
    on dates.learned_date = fits.snapshot_date::date
