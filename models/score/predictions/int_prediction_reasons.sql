-- Grain: one row per target, eligible customer and rank of a reason, the strongest
-- first.

with

reasons as (

    {% for rank in [1, 2, 3] %}
    select
        target,
        feature_row,
        {{ rank }} as reason_rank,
        feature_{{ rank }} as feature,
        contribution_{{ rank }} as contribution

    from {{ ref('ml_customer_scores') }}

    where feature_{{ rank }} is not null

    union all

    {% endfor %}
    select
        target,
        feature_row,
        row_number() over (
            partition by target, feature_row
            order by abs(contribution) desc, feature
        ) as reason_rank,
        feature,
        contribution

    from {{ ref('int_order_model_reasons') }}

    union all

    -- By recency there is one reason: how far its rate is from that of all.
    select
        recency.target,
        eligibility.feature_row,
        1 as reason_rank,
        'recency_days' as feature,
        recency.probability - base_rates.probability as contribution

    from {{ ref('int_baseline_predictions') }} as recency
    inner join {{ ref('chosen_models') }} as chosen
        on
            recency.target = chosen.target
            and recency.model = chosen.model
            and chosen.status = 'baseline served'
    inner join {{ ref('int_baseline_bins') }} as base_rates
        on
            recency.target = base_rates.target
            and recency.cutoff_date = base_rates.cutoff_date
            and base_rates.model = 'base_rate'
    inner join {{ ref('int_prediction_eligibility') }} as eligibility
        on
            recency.target = eligibility.target
            and recency.customer_id = eligibility.customer_id
            and eligibility.is_as_of_date

    where
        recency.model = 'recency'
        and recency.is_serving

),

valued as (

    select
        reasons.*,
        features.customer_id,
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
