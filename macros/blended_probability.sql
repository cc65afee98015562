{#-
    The mean of a model's probability and BG/NBD's. The longer the horizon, the longer ago
    is the newest outcome that the model learnt from, and the more BG/NBD counts, which
    knows all orders until now: horizon / (horizon + prediction_blend_days).

    model         SQL expression, 0..1
    baseline      SQL expression, 0..1
    horizon_days  SQL expression, above 0
-#}
{% macro blended_probability(model, baseline, horizon_days) -%}
    (
        {{ var('prediction_blend_days') }} * {{ model }}
        + {{ horizon_days }} * {{ baseline }}
    ) / ({{ horizon_days }} + {{ var('prediction_blend_days') }})
{%- endmacro %}
