{#-
    Quantity times unit price, null where it does not fit: the product is formed in a
    wider type first, because an overflow would end the build instead of the line.
-#}
{% macro line_amount(quantity, unit_price) -%}
    try_cast(({{ quantity }})::decimal(38, 4) * ({{ unit_price }}) as decimal(18, 4))
{%- endmacro %}
