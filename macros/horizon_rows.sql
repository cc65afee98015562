{#- A sub-query with one row per horizon, of a list of days. -#}
{% macro horizon_rows(horizons) -%}
    {% for days in horizons %}
    select {{ days }} as horizon_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
