-- Grain: one row per fitted model.

{% set kept_by = {
    'predictions': 'predictions', 'label': 'predictions',
    'lifetime_value': 'lifetime_value', 'recommendations': 'recommendations',
} %}

{% for kind, area in kept_by.items() if has_area(area) %}
select
    model_run_id,
    area,
    target,
    model,
    variant,
    cutoff_date,
    parameters,
    seed::bigint as seed,
    data_fingerprint,
    first_training_date,
    last_training_date,
    last_outcome_date,
    n,
    library_versions,
    is_serving

from {{ ref('int_' ~ kind ~ '_model_runs') }}

{{ 'union all' if not loop.last }}
{% else %}
{{ no_rows() }}
{% endfor %}
