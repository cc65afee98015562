{#-
    A sub-query with one row per day, or per month start, from first to last
    (inclusive); no row where either is null. The column is named calendar_date.
-#}
{% macro calendar(first, last, unit='day') -%}
    {{ adapter.dispatch('calendar')(first, last, unit) }}
{%- endmacro %}

{% macro duckdb__calendar(first, last, unit) -%}
    select
        unnest(generate_series({{ first }}, {{ last }}, interval 1 {{ unit }}))::date
            as calendar_date
{%- endmacro %}
