{#-
    The mean of a model's probability and BG/NBD's, weighted by prediction_blend_share.

    model     SQL expression, 0..1
    baseline  SQL expression, 0..1
-#}
{% macro blended_probability(model, baseline) -%}
    (
        {{ 1 - var('prediction_blend_share') }} * {{ model }}
        + {{ var('prediction_blend_share') }} * {{ baseline }}
    )
{%- endmacro %}
