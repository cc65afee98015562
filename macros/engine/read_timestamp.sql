{#-
    A timestamp from a typed column or from text: ISO first, then D/M/Y or M/D/Y as
    date_order ('day_first', 'month_first') says, then YYYYMMDD. Null where none fits.
-#}
{% macro read_timestamp(column, date_order) -%}
    {{ adapter.dispatch('read_timestamp')(column, date_order) }}
{%- endmacro %}

{% macro duckdb__read_timestamp(column, date_order) -%}
    {%- set separated -%}
        replace(replace(trim({{ column }}::varchar), '.', '/'), '-', '/')
    {%- endset -%}
    {%- set times = ['', ' %H:%M', ' %H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p'] -%}
    coalesce(
        try_cast({{ column }} as timestamp),
        case {{ date_order }}
            when 'day_first' then try_strptime(
                {{ separated }},
                [{% for time in times %}'%d/%m/%Y{{ time }}'{{ ', ' if not loop.last }}{% endfor %}]
            )
            when 'month_first' then try_strptime(
                {{ separated }},
                [{% for time in times %}'%m/%d/%Y{{ time }}'{{ ', ' if not loop.last }}{% endfor %}]
            )
        end,
        try_strptime({{ column }}::varchar, '%Y%m%d')
    )
{%- endmacro %}
