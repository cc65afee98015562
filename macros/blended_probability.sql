{#-
    The mean of a model's probability and BG/NBD's, whose share is prediction_blend_share.
    BG/NBD knows nothing of a season, but its rate follows the orders of late: it is moved
    half way to the demand expected of the window (customer_analytics.predictions.level
    says why by powers of the probability of no order).

    model          SQL expression, 0..1
    baseline       SQL expression, 0..1
    positive_when  SQL expression: order, or no_order where probabilities are of none
    change         SQL expression: logarithm of the expected change of demand, null where
                   unknown
-#}
{% macro blended_probability(model, baseline, positive_when, change) -%}
    {{ 1 - var('prediction_blend_share') }} * {{ model }}
        + {{ var('prediction_blend_share') }} * case
            when {{ positive_when }} = 'no_order'
                then power({{ baseline }}, exp(coalesce({{ change }}, 0) / 2))
            else 1 - power(1 - {{ baseline }}, exp(coalesce({{ change }}, 0) / 2))
        end
{%- endmacro %}
