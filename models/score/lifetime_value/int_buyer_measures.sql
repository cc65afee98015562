-- Grain: one row: how alike, regular and concentrated today's customers are.

with

snapshots as (

    select * from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

),

ranked as (

    select
        *,
        rank() over (order by net_amount desc) as place,
        count(*) over () as customer_count

    from snapshots

)

select
    count(*) as customer_count,
    avg((order_count = 1)::int) as one_time_share,
    -- Random orders vary as much as their mean; regular ones less.
    percentile_cont(0.5) within group (
        order by stddev_days_between_orders / nullif(mean_days_between_orders, 0)
    ) filter (where order_count >= 5) as variation,
    sum(case when place <= ceil(customer_count / 100.0) then net_amount else 0 end)
    ::double / nullif(sum(net_amount), 0)::double as top_share,
    -- Not a number where all order as often, or spend as much per order.
    abs(nullif(
        corr(order_count, ln(average_order_amount::double)) filter (
            where order_count > 1
        ), 'nan'::double
    )) as value_dependence

from ranked
