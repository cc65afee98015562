-- Grain: one row per target, sampled eligible customer and snapshot date: what the
-- customer did in the outcome window.

select
    eligibility.target,
    eligibility.customer_id,
    eligibility.snapshot_date,
    features.customer_number,
    features.feature_row,
    case
        when not outcomes.is_observed then null
        when eligibility.positive_when = 'order' then outcomes.order_count > 0
        when eligibility.positive_when = 'no_order' then outcomes.order_count = 0
        else coalesce(outcomes.net_amount >= limits.least_amount, false)
    end as is_positive,
    outcomes.is_observed

from {{ ref('int_prediction_eligibility') }} as eligibility
inner join {{ ref('int_prediction_features') }} as features
    on
        eligibility.customer_id = features.customer_id
        and eligibility.snapshot_date = features.snapshot_date
inner join {{ ref('int_customer_outcomes') }} as outcomes
    on
        eligibility.customer_id = outcomes.customer_id
        and eligibility.snapshot_date = outcomes.snapshot_date
        and eligibility.horizon_days = outcomes.horizon_days
left join {{ ref('int_spend_limits') }} as limits
    on
        eligibility.target = limits.target
        and eligibility.snapshot_date = limits.snapshot_date

where features.is_sampled
