-- Grain: one row per target, eligible customer and rank of a reason, the strongest
-- first.

with

reasons as (

    {% for rank in [1, 2, 3] %}
    select
        target,
        customer_id,
        feature_row,
        {{ rank }} as reason_rank,
        feature_{{ rank }} as feature,
        contribution_{{ rank }} as contribution

    from {{ ref('int_customer_scores') }}

    where feature_{{ rank }} is not null

    {{ 'union all' if not loop.last }}
    {% endfor %}

),

valued as (

    select
        reasons.*,
        case reasons.feature
            {% for feature in prediction_features() %}
            when '{{ feature }}' then features.{{ feature }}
            {% endfor %}
        end as own_value

    from reasons
    inner join {{ ref('int_prediction_features') }} as features
        on reasons.feature_row = features.feature_row

)

select
    valued.target,
    valued.customer_id,
    valued.reason_rank,
    valued.feature,
    valued.contribution,
    valued.own_value,
    typical.typical_value,
    case when valued.contribution >= 0 then 'Higher' else 'Lower' end
    || ' because of ' || labels.label || ': '
    || {{ feature_value_words('valued.own_value', 'labels.unit') }}
    || ' (typical: '
    || {{ feature_value_words('typical.typical_value', 'labels.unit') }}
    || ')' as reason

from valued
inner join {{ ref('prediction_features') }} as labels
    on valued.feature = labels.feature
left join {{ ref('int_typical_values') }} as typical
    on
        valued.target = typical.target
        and valued.feature = typical.feature
