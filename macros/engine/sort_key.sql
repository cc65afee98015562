{#- One value that rows are in the same order by as by these columns, nulls last. -#}
{% macro sort_key(columns) -%}
    {{ adapter.dispatch('sort_key')(columns) }}
{%- endmacro %}

{% macro duckdb__sort_key(columns) -%}
    create_sort_key(
        {%- for column in columns %}
        {{ column }}, 'asc nulls last'
        {{- ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
