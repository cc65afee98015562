-- Grain: one row per area, target, model, method and feature.

{% if has_area('predictions') %}
select
    area,
    target,
    model,
    cutoff_date,
    feature,
    method,
    importance,
    importance_std

from {{ ref('int_predictions_importance') }}

union all

select
    'predictions' as area,
    target,
    model,
    null as cutoff_date,
    feature,
    method,
    importance,
    importance_std

from {{ ref('int_label_importance') }}

union all

{% endif %}
{% if has_area('lifetime_value') %}
select
    'lifetime_value' as area,
    'amount_' || horizon_days::string || 'd' as target,
    model,
    cutoff_date::date as cutoff_date,
    feature,
    'permutation' as method,
    round(importance, 9) as importance,
    round(importance_std, 9) as importance_std

from {{ ref('ml_amount_importance') }}
{% else %}
{{ no_rows() }}
{% endif %}
