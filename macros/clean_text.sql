{#- The text of a column without blanks at either end; null where nothing is left. -#}
{% macro clean_text(column) -%}
    nullif(trim({{ column }}::string), '')
{%- endmacro %}
