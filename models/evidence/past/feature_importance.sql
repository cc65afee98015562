-- Grain: one row per area, target, model, method and feature.

{% set areas = ['predictions', 'lifetime_value'] %}

{% for area in areas %}
select
    area,
    target,
    model,
    cutoff_date,
    feature,
    method,
    importance,
    importance_std

from {{ ref('int_' ~ area ~ '_importance') }}

{{ 'union all' if not loop.last }}
{% endfor %}
