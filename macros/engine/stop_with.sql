{#- Ends the query with a message once a row gets here. -#}
{% macro stop_with(message) -%}
    {{ adapter.dispatch('stop_with')(message) }}
{%- endmacro %}

{% macro duckdb__stop_with(message) -%}
    error({{ message }})
{%- endmacro %}
