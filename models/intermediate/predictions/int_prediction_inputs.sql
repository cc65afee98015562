-- Grain: one row per row of int_prediction_features, on the scale models are fitted on.

select
    feature_row,
    {% for feature, scale in prediction_features().items() %}
    round(
        {{ 'ln(1 + greatest(' ~ feature ~ ', 0))' if scale == 'amount' else feature }},
        9
    ) as {{ feature }},
    {% endfor %}
    customer_number,
    is_sampled,
    is_as_of_date

from {{ ref('int_prediction_features') }}
