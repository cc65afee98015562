-- Grain: one row per row of int_prediction_features, on the scale models are fitted on.

select
    feature_row,
    customer_number,
    is_sampled,
    is_as_of_date,
    {% for feature, scale in prediction_features().items() %}
    {% if scale == 'amount' %}
    round(ln(1 + greatest({{ feature }}, 0)), 9) as {{ feature }}
    {%- else %}
    round({{ feature }}, 9) as {{ feature }}
    {%- endif -%}
    {{ ',' if not loop.last }}
    {% endfor %}

from {{ ref('int_prediction_features') }}
