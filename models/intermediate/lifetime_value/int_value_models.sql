-- Grain: one row per cut-off: the model of order values that serves at it, fitted then
-- or at the learning date, in the shop's currency; the log-likelihood is that of amounts
-- in units of int_money_unit.

select
    dates.snapshot_date,
    message,
    {% for parameter in ['p', 'q', 'log_likelihood'] %}
    case when not isnan({{ parameter }}) then {{ parameter }} end as {{ parameter }},
    {% endfor %}
    case when not isnan(gamma) then {{ from_money_units('gamma') }} end as gamma,
    {{ from_money_units('mean_amount') }} as mean_amount,
    customer_count,
    is_converged

from {{ ref('int_learned_dates') }} as dates
inner join {{ ref('ml_value_models') }} as fits
    on dates.learned_date = fits.snapshot_date::date
