-- What a window counts between two snapshot dates is what the later snapshot looks
-- back on: two mechanisms, one truth. Windows that end on a snapshot date are compared.

with

outcomes as (

    select
        customer_id,
        snapshot_date,
        order_count,
        net_amount,
        {{ dbt.dateadd('day', 'horizon_days', 'snapshot_date') }}::date as end_date

    from {{ ref('int_customer_outcomes') }}

    where
        is_observed
        and horizon_days in (30, 90, 180, 365)

),

looked_back as (

    select
        outcomes.customer_id,
        outcomes.snapshot_date,
        outcomes.end_date,
        outcomes.order_count,
        outcomes.net_amount,
        count(*) filter (where orders.is_purchase) as order_count_known,
        coalesce(sum(orders.net_amount), 0) as net_amount_known

    from outcomes
    inner join {{ ref('int_snapshot_dates') }} as end_snapshots
        on outcomes.end_date = end_snapshots.snapshot_date
    left join {{ ref('int_order_snapshots') }} as orders
        on
            outcomes.customer_id = orders.customer_id
            and outcomes.end_date = orders.snapshot_date
            and outcomes.snapshot_date <= orders.ordered_date

    group by
        outcomes.customer_id,
        outcomes.snapshot_date,
        outcomes.end_date,
        outcomes.order_count,
        outcomes.net_amount

)

select *

from looked_back

where
    order_count <> order_count_known
    or net_amount <> net_amount_known
