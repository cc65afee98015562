-- Grain: one row per snapshot date and model of repeat orders; without parameters where
-- there were not enough repeat orders to fit.

select
    snapshot_date::date as snapshot_date,
    model,
    message,
    {% for parameter in ['r', 'alpha', 'a', 'b', 'log_likelihood'] %}
    case when not isnan({{ parameter }}) then {{ parameter }} end as {{ parameter }},
    {% endfor %}
    {% for month in range(1, 13) %}
    season_{{ month }},
    {% endfor %}
    customer_count,
    repeater_count,
    is_converged

from {{ ref('ml_order_models') }}
