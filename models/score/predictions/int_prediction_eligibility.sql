-- Grain: one row per target, snapshot date and customer who is eligible then.

with

targets as (

    select * from {{ ref('prediction_targets') }}

    where population = 'customer'

)

select
    targets.target,
    targets.horizon_days,
    targets.positive_when,
    snapshots.customer_id,
    snapshots.snapshot_date

from {{ ref('int_customer_snapshots') }} as snapshots
inner join {{ ref('int_active_windows') }} as active_windows
    on snapshots.snapshot_date = active_windows.snapshot_date
inner join targets
    on
        targets.eligibility = 'everyone'
        or (targets.eligibility = 'one_order' and snapshots.order_count = 1)
        or (targets.eligibility = 'repeat' and snapshots.order_count > 1)
        or (
            targets.eligibility = 'active'
            and snapshots.recency_days <= active_windows.active_days
        )
