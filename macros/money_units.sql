{#-
    What is fitted to money is fitted in units of the shop's own orders
    (int_money_unit), so that nothing depends on the currency: a logarithm of one more
    than an amount, a bound, a least spread.
-#}

{#- An amount in the shop's currency, in those units. -#}
{% macro in_money_units(amount) -%}
    round(({{ amount }})::double / {{ money_unit() }}, 9)
{%- endmacro %}

{#- An amount in those units, in the shop's currency. -#}
{% macro from_money_units(amount) -%}
    (({{ amount }}) * {{ money_unit() }})
{%- endmacro %}

{#- What one unit is in the shop's currency. -#}
{% macro money_unit() -%}
    (select money.unit from {{ ref('int_money_unit') }} as money)
{%- endmacro %}

{#- A column of int_customer_snapshots as models read it: money in those units. -#}
{% macro unitless_feature(column) -%}
    {{ in_money_units(column) if 'amount' in column.split('.')[-1] else column }}
{%- endmacro %}
