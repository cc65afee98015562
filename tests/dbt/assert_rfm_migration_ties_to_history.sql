-- Every customer of a snapshot date comes from somewhere, once.

with

moved as (

    select
        snapshot_date,
        sum(customer_count) as customer_count,
        sum(net_amount_after) as net_amount

    from {{ ref('rfm_migration') }}

    group by snapshot_date

),

scored as (

    select
        history.snapshot_date,
        count(*) as customer_count,
        sum(history.net_amount) as net_amount

    from {{ ref('customer_rfm_history') }} as history
    inner join {{ ref('int_snapshot_dates') }} as snapshot_dates
        on
            history.snapshot_date = snapshot_dates.snapshot_date
            and snapshot_dates.previous_snapshot_date is not null

    group by history.snapshot_date

)

select
    moved.snapshot_date,
    scored.snapshot_date as scored_snapshot_date

from moved
full outer join scored on moved.snapshot_date = scored.snapshot_date

where
    moved.customer_count is distinct from scored.customer_count
    or moved.net_amount is distinct from scored.net_amount
