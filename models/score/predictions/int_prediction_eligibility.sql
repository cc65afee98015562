-- Grain: one row per target and row of int_prediction_features whose customer is
-- eligible then.

with

targets as (

    select * from {{ ref('prediction_targets') }}

    where population = 'customer'

)

select
    targets.target,
    targets.horizon_days,
    targets.positive_when,
    features.customer_id,
    features.customer_number,
    features.snapshot_date,
    features.feature_row,
    features.draw_number,
    features.is_sampled,
    features.is_as_of_date

from {{ ref('int_prediction_features') }} as features
inner join {{ ref('int_active_windows') }} as active_windows
    on features.snapshot_date = active_windows.snapshot_date
inner join targets
    on
        targets.eligibility = 'everyone'
        or (targets.eligibility = 'one_order' and features.order_count = 1)
        or (targets.eligibility = 'repeat' and features.order_count > 1)
        or (
            targets.eligibility = 'active'
            and features.recency_days <= active_windows.active_days
        )
