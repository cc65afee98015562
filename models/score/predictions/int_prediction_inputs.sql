-- Grain: one row per row of int_prediction_features, on the scale models are fitted on.

with

events as (

    select
        feature_row,
        -- What is unknown keeps its place.
        array_agg(
            coalesce(scaled_value, 'nan'::double) order by feature_number
        ) as event_values

    from {{ ref('int_prediction_events') }}

    group by feature_row

)

select
    features.feature_row,
    {% for feature, scale in prediction_features().items() %}
    {% set value = 'features.' ~ feature %}
    round(
        {% if scale == 'amount' %}
        ln(1 + greatest({{ unitless_feature(value) }}, 0)),
        {% elif scale == 'chance' %}
        ln(
            greatest(least({{ value }}, 0.999), 0.001)
            / (1 - greatest(least({{ value }}, 0.999), 0.001))
        ),
        {% else %}
        {{ value }},
        {% endif %}
        9
    ) as {{ feature }},
    {% endfor %}
    coalesce(events.event_values, []::double[]) as event_values,
    features.customer_number,
    features.is_sampled,
    features.is_as_of_date

from {{ ref('int_prediction_features') }} as features
left join events on features.feature_row = events.feature_row
