-- Grain: one row per snapshot date (from the second on), segment before and segment
-- after; customers who were not there before come from 'New to the shop'.

with

snapshot_dates as (

    select * from {{ ref('int_snapshot_dates') }}

    where previous_snapshot_date is not null

),

history as (

    select
        customer_id,
        snapshot_date,
        rfm_segment,
        net_amount

    from {{ ref('customer_rfm_history') }}

),

moves as (

    select
        snapshot_dates.snapshot_date,
        snapshot_dates.previous_snapshot_date,
        coalesce(earlier.rfm_segment, 'New to the shop') as from_segment,
        history.rfm_segment as to_segment,
        earlier.net_amount as net_amount_before,
        history.net_amount as net_amount_after

    from snapshot_dates
    inner join history on snapshot_dates.snapshot_date = history.snapshot_date
    left join history as earlier
        on
            history.customer_id = earlier.customer_id
            and snapshot_dates.previous_snapshot_date = earlier.snapshot_date

),

counted as (

    select
        snapshot_date,
        previous_snapshot_date,
        from_segment,
        to_segment,
        count(*) as customer_count,
        coalesce(sum(net_amount_before), 0)::decimal(38, 4) as net_amount_before,
        sum(net_amount_after)::decimal(38, 4) as net_amount_after

    from moves

    group by
        snapshot_date,
        previous_snapshot_date,
        from_segment,
        to_segment

)

select
    from_segment,
    to_segment,

    customer_count,
    customer_count::double
    / sum(customer_count) over (partition by snapshot_date, from_segment) as share,
    net_amount_before,
    net_amount_after,

    snapshot_date,
    previous_snapshot_date

from counted
