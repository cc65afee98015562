{#- A text or number as JSON, quoted where it has to be. -#}
{% macro as_json(value) -%}
    {{ adapter.dispatch('as_json')(value) }}
{%- endmacro %}

{% macro duckdb__as_json(value) -%}
    to_json({{ value }})::string
{%- endmacro %}
