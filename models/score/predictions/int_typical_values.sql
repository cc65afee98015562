-- Grain: one row per target and feature: the median of the eligible sampled customers.

with

typical as (

    select
        {% for feature in prediction_features() %}
        median(features.{{ feature }}) as {{ feature }},
        {% endfor %}
        eligibility.target

    from {{ ref('int_prediction_eligibility') }} as eligibility
    inner join {{ ref('int_prediction_features') }} as features
        on eligibility.feature_row = features.feature_row

    where
        eligibility.is_as_of_date
        and eligibility.is_sampled

    group by eligibility.target

)

{% for feature in prediction_features() %}
select
    target,
    '{{ feature }}' as feature,
    {{ feature }} as typical_value

from typical

union all

{% endfor %}
select
    eligibility.target,
    events.feature,
    median(events.feature_value) as typical_value

from {{ ref('int_prediction_eligibility') }} as eligibility
inner join {{ ref('int_prediction_events') }} as events
    on eligibility.feature_row = events.feature_row

where
    eligibility.is_as_of_date
    and eligibility.is_sampled

group by
    eligibility.target,
    events.feature
