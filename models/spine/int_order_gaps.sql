-- Grain: one row per customer and snapshot date with two purchases or more before it.

with

gaps as (

    select
        customer_id,
        snapshot_date,
        lag(days_ago) over (
            partition by customer_id, snapshot_date
            order by ordered_at, order_id
        ) - days_ago as days_between

    from {{ ref('int_order_snapshots') }}

    where is_purchase

),

-- The median by rank: the built-in keeps a list of its own for each of the many
-- customers and dates, which does not spill well.
ranked_gaps as (

    select
        customer_id,
        snapshot_date,
        days_between,
        row_number() over (
            partition by customer_id, snapshot_date
            order by days_between
        ) as gap_rank,
        count(*) over (partition by customer_id, snapshot_date) as gap_count

    from gaps

    where days_between is not null

)

select
    customer_id,
    snapshot_date,
    avg(days_between) as mean_days_between_orders,
    avg(days_between) filter (
        where 2 * gap_rank between gap_count and gap_count + 2
    ) as median_days_between_orders,
    -- From whole sums: the built-in adds up in an order that differs by run.
    case
        when count(*) > 1
            then sqrt(
                (
                    count(*) * sum(days_between * days_between)
                    - power(sum(days_between), 2)
                )::double
                / (count(*) * (count(*) - 1))
            )
    end as stddev_days_between_orders

from ranked_gaps

group by
    customer_id,
    snapshot_date
