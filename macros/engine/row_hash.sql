{#-
    A number made of the values of a row, null or not. Rows of equal values have equal
    numbers; of two others, hardly ever.
-#}
{% macro row_hash(columns) -%}
    {{ adapter.dispatch('row_hash')(columns) }}
{%- endmacro %}

{% macro duckdb__row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
