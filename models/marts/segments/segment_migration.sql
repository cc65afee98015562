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
        history.scheme,
        history.snapshot_date,
        history.segment_name,
        snapshots.net_amount,
        lag(history.snapshot_date) over by_date as earlier_date,
        lag(history.segment_name) over by_date as earlier_segment,
        lag(snapshots.net_amount) over by_date as earlier_amount

    from {{ ref('segment_history') }} as history
    inner join snapshots
        on
            history.customer_id = snapshots.customer_id
            and history.snapshot_date = snapshots.snapshot_date

    window by_date as (
        partition by history.scheme, history.customer_id
        order by history.snapshot_date
    )

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
        history.snapshot_date,
        snapshot_dates.previous_snapshot_date,
        history.segment_name as to_segment,
        history.net_amount as net_amount_after,
        -- Who returned everything is no customer until the next purchase.
        history.earlier_date = snapshot_dates.previous_snapshot_date as was_there,
        case when was_there then history.earlier_segment else 'New to the shop' end
            as from_segment,
        case when was_there then history.earlier_amount end as net_amount_before

    from history
    inner join snapshot_dates on history.snapshot_date = snapshot_dates.snapshot_date
    inner join first_dates
        on
            history.scheme = first_dates.scheme
            and history.snapshot_date > first_dates.first_snapshot_date

),

counted as (

    select
        scheme,
        snapshot_date,
        previous_snapshot_date,
        from_segment,
        to_segment,
        count(*) as customer_count,
        coalesce(sum(net_amount_before), 0)::decimal(38, 4) as net_amount_before,
        sum(net_amount_after)::decimal(38, 4) as net_amount_after

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
