{#- The columns of a mart's contract without rows, where its area is switched off. -#}
{% macro no_rows() -%}
    select
    {% for column in model.columns.values() %}
        null::{{ column.data_type }} as {{ column.name }}{{ ',' if not loop.last }}
    {% endfor %}
    where false
{%- endmacro %}
