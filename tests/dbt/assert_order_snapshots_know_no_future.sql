-- A snapshot knows only orders placed, and returns made, before its date.

with

known_returns as (

    select
        snapshots.order_id,
        snapshots.snapshot_date,
        max(snapshots.returned_amount) as returned_amount,
        coalesce(sum(matches.returned_amount), 0) as returned_before

    from {{ ref('int_order_snapshots') }} as snapshots
    left join {{ ref('int_return_matches') }} as matches
        on
            snapshots.order_id = matches.order_id
            and snapshots.snapshot_date > matches.returned_at

    group by
        snapshots.order_id,
        snapshots.snapshot_date

)

select
    order_id,
    snapshot_date

from known_returns

where returned_amount <> returned_before

union all

select
    order_id,
    snapshot_date

from {{ ref('int_order_snapshots') }}

where ordered_at >= snapshot_date
