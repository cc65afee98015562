-- Grain: one row per target, eligible customer and rank of what moved the probability,
-- the strongest first.

with

contributions as (

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
    -- Baselines look at the time since the last order: how far from the rate of all?
    select
        baselines.target,
        eligibility.feature_row,
        1 as reason_rank,
        'recency_days' as feature,
        baselines.probability - base_rates.probability as contribution

    from {{ ref('int_baseline_predictions') }} as baselines
    inner join {{ ref('chosen_models') }} as chosen
        on
            baselines.target = chosen.target
            and baselines.model = chosen.model
            and chosen.status = 'baseline served'
    inner join {{ ref('int_baseline_bins') }} as base_rates
        on
            baselines.target = base_rates.target
            and baselines.cutoff_date = base_rates.cutoff_date
            and base_rates.model = 'base_rate'
    inner join {{ ref('int_prediction_eligibility') }} as eligibility
        on
            baselines.target = eligibility.target
            and baselines.customer_id = eligibility.customer_id
            and eligibility.is_as_of_date

    where
        baselines.model in ('recency', 'bg_nbd')
        and baselines.is_serving

),

compared as (

    select
        contributions.*,
        labels.topic = 'rhythm' as is_rhythm,
        (contributions.contribution >= 0) = (targets.positive_when <> 'no_order')
            as is_for_orders,
        features.recency_days
        > coalesce(features.median_days_between_orders, typical_gaps.typical_value)
            as is_late,
        features.order_count > typical_orders.typical_value as has_many_orders

    from contributions
    inner join {{ ref('int_prediction_feature_labels') }} as labels
        on contributions.feature = labels.feature
    inner join {{ ref('prediction_targets') }} as targets
        on contributions.target = targets.target
    inner join {{ ref('int_prediction_features') }} as features
        on contributions.feature_row = features.feature_row
    left join {{ ref('int_typical_values') }} as typical_gaps
        on
            contributions.target = typical_gaps.target
            and typical_gaps.feature = 'median_days_between_orders'
    left join {{ ref('int_typical_values') }} as typical_orders
        on
            contributions.target = typical_orders.target
            and typical_orders.feature = 'order_count'

),

-- The rhythm is the wait beside the own gap; who is late and yet likely to order, or in
-- time and yet not, is so by the number of orders.
told as (

    select
        *,
        case
            when
                is_rhythm
                and is_late = is_for_orders
                and has_many_orders = is_for_orders
                then 'order_count'
            when is_rhythm then 'recency_days'
            else feature
        end as told_feature

    from compared

)

select
    target,
    feature_row,
    told_feature as feature,
    row_number() over (
        partition by target, feature_row order by min(reason_rank)
    ) as reason_rank,
    sum(contribution) as contribution

from told

group by
    target,
    feature_row,
    told_feature
