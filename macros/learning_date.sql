{#- The date that all learning is as of: nothing on or after it is estimated from. -#}
{% macro learning_date() -%}
    (
        select {{ ref('int_as_of_date') }}.learning_date
        from {{ ref('int_as_of_date') }}
    )
{%- endmacro %}

{#- The period whose last start is the learning date. -#}
{% macro learning_period() -%}
    {%- set period = var('learning_period') -%}
    {%- if period not in ['day', 'week', 'month', 'quarter', 'year'] -%}
        {{ exceptions.raise_compiler_error(
            "learning_period: '" ~ period ~ "' is not one of day, week, month, quarter, "
            ~ "year"
        ) }}
    {%- endif -%}
    {{ return(period) }}
{%- endmacro %}
