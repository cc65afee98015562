{#-
    A number with four decimals, null where it cannot be read. Four, because unit
    prices go below a cent; decimal, because money must add up to the penny.
-#}
{% macro read_number(column) -%}
    try_cast({{ column }} as decimal(18, 4))
{%- endmacro %}
