-- Every customer of a date after the first comes from somewhere, once, with all money.

with

moved as (

    select
        scheme,
        snapshot_date,
        sum(customer_count) as customer_count,
        sum(net_amount_after) as net_amount

    from {{ ref('segment_migration') }}

    group by
        scheme,
        snapshot_date

),

history as (

    select
        history.scheme,
        history.snapshot_date,
        count(*) as customer_count,
        sum(snapshots.net_amount) as net_amount

    from {{ ref('segment_history') }} as history
    left join {{ ref('int_customer_snapshots') }} as snapshots
        on
            history.customer_id = snapshots.customer_id
            and history.snapshot_date = snapshots.snapshot_date

    group by
        history.scheme,
        history.snapshot_date

),

later_history as (

    select *

    from history

    qualify row_number() over (partition by scheme order by snapshot_date) > 1

)

select
    coalesce(moved.scheme, later_history.scheme) as scheme,
    coalesce(moved.snapshot_date, later_history.snapshot_date) as snapshot_date

from moved
full outer join later_history
    on
        moved.scheme = later_history.scheme
        and moved.snapshot_date = later_history.snapshot_date

where
    moved.customer_count is distinct from later_history.customer_count
    or moved.net_amount is distinct from later_history.net_amount
