{#- The project's one clock: everything known is what happened before this date. -#}
{% macro as_of_date() -%}
    (select {{ ref('int_as_of_date') }}.as_of_date from {{ ref('int_as_of_date') }})
{%- endmacro %}
