{#-
    The columns of a mart's contract without rows, where its area is switched off; as all
    others, after the check of the input.
-#}
{% macro no_rows() -%}
    select
    {% for column in model.columns.values() %}
        null::{{ column.data_type }} as {{ column.name }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('input_files') }}
    where false
{%- endmacro %}
