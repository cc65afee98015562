-- Grain: one row per scheme, snapshot date, segment before and segment after; customers
-- who were not there before come from 'New to the shop'.

with

history as (

    select
        history.scheme,
        history.customer_id,
        history.snapshot_date,
        history.segment_name,
        snapshots.net_amount,
        min(history.snapshot_date) over (partition by history.scheme) as first_date

    from {{ ref('segment_history') }} as history
    inner join {{ ref('int_customer_snapshots') }} as snapshots
        on
            history.customer_id = snapshots.customer_id
            and history.snapshot_date = snapshots.snapshot_date

)

{{ segment_moves('history') }}
