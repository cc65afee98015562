{#-
    What a customer who orders within 90 days brings in 365. The forecast is of those who
    order and those who pause, of whom a share of that is left: forecast = amount x
    (1 - risk + risk x share). Ten times the forecast at most, where nobody comes back.

    forecast, risk, share  SQL expressions: amount forecast for 365 days; probability of
                           no order in 90; what is left of an amount after a pause, 0..1
-#}
{% macro amount_if_ordering(forecast, risk, share) -%}
    case
            when {{ risk }} * {{ share }} is not null
                then {{ forecast }}::double
                    / greatest(1 - {{ risk }} * (1 - {{ share }}), 0.1)
        end
{%- endmacro %}
