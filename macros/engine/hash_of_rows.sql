{#-
    A hash of the rows of a group over some columns, whatever their order: the sum of a
    number made of each row, so that swapping two values changes it.
-#}
{% macro hash_of_rows(columns) -%}
    {{ adapter.dispatch('hash_of_rows')(columns) }}
{%- endmacro %}

{% macro duckdb__hash_of_rows(columns) -%}
    md5(
        count(*)::string || '|' || coalesce(
            sum(md5_number_lower(
                {% for column in columns -%}
                coalesce({{ column }}::string, '')
                {{- " || '|' || " if not loop.last }}
                {% endfor %}
            ))::string, ''
        )
    )
{%- endmacro %}
