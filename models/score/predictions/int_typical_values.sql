-- Grain: one row per target and feature: the median of the eligible sampled customers.

with

due as (

    select
        due.target,
        due.customer_id

    from {{ ref('int_predictions_due') }} as due
    inner join {{ ref('int_prediction_customers') }} as customers
        on due.customer_id = customers.customer_id

    where customers.is_sampled

),

typical as (

    select
        {% for feature in prediction_features() %}
        median(features.{{ feature }}) as {{ feature }},
        {% endfor %}
        due.target

    from due
    inner join {{ ref('int_prediction_features') }} as features
        on due.customer_id = features.customer_id

    where features.is_as_of_date

    group by due.target

)

{% for feature in prediction_features() %}
select
    target,
    '{{ feature }}' as feature,
    {{ feature }} as typical_value

from typical
{{ 'union all' if not loop.last }}
{% endfor %}
