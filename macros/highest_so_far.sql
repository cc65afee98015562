{#-
    The highest of an amount's columns up to a horizon, as money; null where all are.

    amount  name of the columns without the days, such as predicted_amount
    days    of lifetime_value_horizons
-#}
{% macro highest_so_far(amount, days) -%}
    round(
        greatest(
            {% for earlier in lifetime_value_horizons() if earlier <= days -%}
            {{ amount }}_{{ earlier }}d, {% endfor -%}
            {{ amount }}_{{ days }}d
        ), 4
    )::decimal(38, 4)
{%- endmacro %}
