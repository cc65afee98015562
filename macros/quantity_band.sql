{#-
    Quantities that are compared with one another: 1, 2 to 3, 4 to 7, 8 to 15 and so on,
    by the number of doublings; below 1 (weights, lengths) by halvings.

    quantity  SQL expression, above 0
-#}
{% macro quantity_band(quantity) -%}
    {#- Rounded, or an engine's 2.9999999999999996 of 8 would fall a band short. -#}
    floor(round(log2(({{ quantity }})::double), 9))::int
{%- endmacro %}
