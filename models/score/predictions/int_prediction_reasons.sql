-- Grain: one row per target, eligible customer and rank of a reason, the strongest
-- first: what the customer did, beside what is usual of the customer or of others.

with

valued as (

    select
        contributions.*,
        labels.topic,
        labels.label,
        labels.unit,
        features.customer_id,
        features.order_count,
        features.recency_days,
        features.median_days_between_orders as gap_days,
        case contributions.feature
            {% for feature in prediction_features() %}
            when '{{ feature }}' then features.{{ feature }}
            {% endfor %}
            else events.feature_value
        end as own_value,
        -- In so many days since the first order, unless they are nearly all there are.
        case
            when features.tenure_days >= 1.5 * labels.usual_days
                then labels.usual_days / features.tenure_days * case
                    when labels.unit = 'money' then features.net_amount
                    else features.order_count
                end
        end as usual_value

    from {{ ref('int_prediction_contributions') }} as contributions
    inner join {{ ref('int_prediction_features') }} as features
        on contributions.feature_row = features.feature_row
    inner join {{ ref('int_prediction_feature_labels') }} as labels
        on contributions.feature = labels.feature
    left join {{ ref('int_prediction_events') }} as events
        on
            contributions.feature_row = events.feature_row
            and contributions.feature = events.feature

)

select
    valued.target,
    valued.customer_id,
    valued.reason_rank,
    valued.feature,
    valued.contribution,
    valued.own_value,
    valued.usual_value,
    typical.typical_value,
    {{ reason_words(
        'valued', 'typical.typical_value', 'typical_gaps.typical_value'
    ) }} as reason

from valued
left join {{ ref('int_typical_values') }} as typical
    on
        valued.target = typical.target
        and valued.feature = typical.feature
left join {{ ref('int_typical_values') }} as typical_gaps
    on
        valued.target = typical_gaps.target
        and typical_gaps.feature = 'median_days_between_orders'
