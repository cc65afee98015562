-- Grain: one row per fitted model.

{% set areas = ['predictions', 'lifetime_value', 'recommendations'] %}

{% for area in areas if has_area(area) %}
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

from {{ ref('int_' ~ area ~ '_model_runs') }}

{{ 'union all' if not loop.last }}
{% else %}
{{ no_rows() }}
{% endfor %}
