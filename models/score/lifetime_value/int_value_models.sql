-- Grain: one row per snapshot date that a model of order values serves at, fitted at it
-- or at the learning date, in the shop's currency. The log-likelihood is that of
-- amounts in units of int_money_unit.

select
    dates.snapshot_date,
    fits.message,
    {% for parameter in ['p', 'q', 'log_likelihood'] %}
    case when not isnan(fits.{{ parameter }}) then fits.{{ parameter }} end
        as {{ parameter }},
    {% endfor %}
    case when not isnan(fits.gamma) then {{ from_money_units('fits.gamma') }} end
        as gamma,
    {{ from_money_units('fits.mean_amount') }} as mean_amount,
    fits.customer_count,
    fits.is_converged

from {{ ref('int_learned_dates') }} as dates
inner join {{ ref('ml_value_models') }} as fits
    on dates.learned_date = fits.snapshot_date::date
