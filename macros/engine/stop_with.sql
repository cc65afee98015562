{#- Ends the query with a message where a row is evaluated; the column stays empty. -#}
{% macro stop_with(message) -%}
    {{ adapter.dispatch('stop_with')(message) }}
{%- endmacro %}

{% macro duckdb__stop_with(message) -%}
    error({{ message }})
{%- endmacro %}
