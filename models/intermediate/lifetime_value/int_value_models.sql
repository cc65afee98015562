-- Grain: one row per cut-off: the model of order values as of then.

select
    snapshot_date::date as snapshot_date,
    message,
    {% for parameter in ['p', 'q', 'gamma', 'log_likelihood'] %}
    case when not isnan({{ parameter }}) then {{ parameter }} end as {{ parameter }},
    {% endfor %}
    mean_amount,
    customer_count,
    is_converged

from {{ ref('ml_value_models') }}
