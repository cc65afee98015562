{#-
    An identifier as clean text. Spreadsheets and floating-point columns turn 13085
    into 13085.0, and exports write a missing id as nan or null: both are undone.
-#}
{% macro clean_id(column) -%}
    case
        when lower({{ clean_text(column) }}) in ('nan', 'null', 'none') then null
        when {{ clean_text(column) }} like '%.0'
            and try_cast({{ clean_text(column) }} as decimal(38, 1)) is not null
            then replace({{ clean_text(column) }}, '.0', '')
        else {{ clean_text(column) }}
    end
{%- endmacro %}
