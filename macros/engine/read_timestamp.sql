{#-
    A timestamp from a typed column or from text: ISO, YYYYMMDD, and D/M/Y or M/D/Y
    (also with - or .) as date_order ('day_first', 'month_first') says. Null for
    anything else, so that a bare cast's fancies ('infinity', year 9) do not get in.
    The input check (customer_analytics.input.dates) reads the same forms; a test
    holds the two together.
-#}
{% macro read_timestamp(column, date_order) -%}
    {{ adapter.dispatch('read_timestamp')(column, date_order) }}
{%- endmacro %}

{% macro duckdb__read_timestamp(column, date_order) -%}
    {%- set text = 'trim(' ~ column ~ '::varchar)' -%}
    {%- set time = '\\d{1,2}:\\d{2}(:\\d{2}' -%}
    {%- set time_formats = ['', ' %H:%M', ' %H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p'] -%}
    {#- One separator, and one blank before AM or PM, for the formats. -#}
    {%- set even -%}
        regexp_replace(
            regexp_replace(
                {{ text }}, '^(\d{1,2})[/.-](\d{1,2})[/.-]', '\1/\2/'
            ), '\s*([AaPp][Mm])$', ' \1'
        )
    {%- endset -%}
    case
        when typeof({{ column }}) = 'DATE' or typeof({{ column }}) like 'TIMESTAMP%'
            then try_cast({{ column }} as timestamp)
        when
            regexp_full_match(
                {{ text }},
                '\d{4}-\d{1,2}-\d{1,2}([T ]{{ time }}(\.\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?)?'
            )
            then try_cast({{ text }} as timestamp)
        when regexp_full_match({{ text }}, '\d{8}')
            then try_strptime({{ text }}, '%Y%m%d')
        when
            regexp_full_match(
                {{ text }},
                '\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(\s+{{ time }})?(\s*[AaPp][Mm])?)?'
            )
            then case {{ date_order }}
                {% for order, date_format in [
                    ('day_first', '%d/%m/%Y'), ('month_first', '%m/%d/%Y')
                ] %}
                when '{{ order }}' then try_strptime(
                    {{ even }},
                    [{% for time_format in time_formats -%}
                        '{{ date_format ~ time_format }}'{{ ', ' if not loop.last }}
                    {%- endfor %}]
                )
                {% endfor %}
            end
    end
{%- endmacro %}
