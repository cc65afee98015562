-- Grain: one row per row of int_prediction_features, on the scale models are fitted on.

select
    feature_row,
    {% for feature, scale in prediction_features().items() %}
    round(
        {% if scale == 'amount' %}
        ln(1 + greatest({{ unitless_feature(feature) }}, 0)),
        {% elif scale == 'chance' %}
        ln(
            greatest(least({{ feature }}, 0.999), 0.001)
            / (1 - greatest(least({{ feature }}, 0.999), 0.001))
        ),
        {% else %}
        {{ feature }},
        {% endif %}
        9
    ) as {{ feature }},
    {% endfor %}
    customer_number,
    is_sampled,
    is_as_of_date

from {{ ref('int_prediction_features') }}
