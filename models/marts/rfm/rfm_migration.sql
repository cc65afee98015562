-- Grain: one row per snapshot date (from the second on), segment before and segment
-- after; customers who were not there before come from 'New to the shop'.

with

history as (

    select
        'rfm' as scheme,
        customer_id,
        snapshot_date,
        rfm_segment as segment_name,
        net_amount,
        (
            select min(snapshot_dates.snapshot_date)

            from {{ ref('int_snapshot_dates') }} as snapshot_dates
        ) as first_date

    from {{ ref('customer_rfm_history') }}

),

moves as (

    {{ segment_moves('history') }}

)

select
    from_segment,
    to_segment,

    customer_count,
    share,
    net_amount_before,
    net_amount_after,

    snapshot_date,
    previous_snapshot_date

from moves
