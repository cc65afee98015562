-- Grain: one row per scheme, snapshot date, segment before and segment after; customers
-- who were not there before come from 'New to the shop'.

with

snapshot_dates as (

    select * from {{ ref('int_snapshot_dates') }}

    where previous_snapshot_date is not null

),

snapshots as (

    select
        customer_id,
        snapshot_date,
        net_amount

    from {{ ref('int_customer_snapshots') }}

),

history as (

    select
        history.customer_id,
        history.scheme,
        history.segment_name,
        history.snapshot_date,
        snapshots.net_amount

    from {{ ref('segment_history') }} as history
    inner join snapshots
        on
            history.customer_id = snapshots.customer_id
            and history.snapshot_date = snapshots.snapshot_date

),

-- What came before the first date of the history is not known.
first_dates as (

    select
        scheme,
        min(snapshot_date) as first_snapshot_date

    from history

    group by scheme

),

moves as (

    select
        history.scheme,
        snapshot_dates.snapshot_date,
        snapshot_dates.previous_snapshot_date,
        coalesce(earlier.segment_name, 'New to the shop') as from_segment,
        history.segment_name as to_segment,
        earlier.net_amount as net_amount_before,
        history.net_amount as net_amount_after

    from snapshot_dates
    inner join history on snapshot_dates.snapshot_date = history.snapshot_date
    inner join first_dates
        on
            history.scheme = first_dates.scheme
            and history.snapshot_date > first_dates.first_snapshot_date
    left join history as earlier
        on
            history.customer_id = earlier.customer_id
            and history.scheme = earlier.scheme
            and snapshot_dates.previous_snapshot_date = earlier.snapshot_date

),

counted as (

    select
        scheme,
        snapshot_date,
        previous_snapshot_date,
        from_segment,
        to_segment,
        count(*) as customer_count,
        coalesce(sum(net_amount_before), 0)::decimal(18, 4) as net_amount_before,
        sum(net_amount_after)::decimal(18, 4) as net_amount_after

    from moves

    group by
        scheme,
        snapshot_date,
        previous_snapshot_date,
        from_segment,
        to_segment

)

select
    scheme,
    from_segment,
    to_segment,

    customer_count,
    customer_count::double
    / sum(customer_count) over (partition by scheme, snapshot_date, from_segment)
        as share,
    net_amount_before,
    net_amount_after,

    snapshot_date,
    previous_snapshot_date

from counted
