{#- The date that all learning is as of: nothing on or after it is estimated from. -#}
{% macro learning_date() -%}
    (
        select {{ ref('int_as_of_date') }}.learning_date
        from {{ ref('int_as_of_date') }}
    )
{%- endmacro %}
