{#-
    The week of the year that a date lies in, 1..52, of 7 days from the first of January
    on; the last one has a day or two more.

    date  SQL expression
-#}
{% macro week_of_year(date) -%}
    least(52, ceil(extract(doy from {{ date }}) / 7.0))::int
{%- endmacro %}
