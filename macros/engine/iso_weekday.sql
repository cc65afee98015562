{#- The day of the week of a date or timestamp, 1 (Monday) to 7 (Sunday). -#}
{% macro iso_weekday(moment) -%}
    {{ adapter.dispatch('iso_weekday')(moment) }}
{%- endmacro %}

{% macro duckdb__iso_weekday(moment) -%}
    extract(isodow from {{ moment }})::int
{%- endmacro %}
