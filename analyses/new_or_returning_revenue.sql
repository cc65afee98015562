-- How much of each month's revenue comes from first orders, and how much from customers
-- who come back? (In the first months of data many a first order is an old customer's.)

with

orders as (

    select
        net_amount,
        is_first_order,
        date_trunc('month', ordered_date)::date as order_month

    from {{ ref('orders') }}

    where
        customer_id is not null
        and not is_fully_returned

)

select
    order_month,

    count(*) as order_count,
    sum(net_amount) as net_amount,
    coalesce(sum(net_amount) filter (where is_first_order), 0) as first_order_amount,
    coalesce(sum(net_amount) filter (where not is_first_order), 0)
        as returning_amount,
    coalesce(sum(net_amount) filter (where not is_first_order), 0)
    / nullif(sum(net_amount), 0) as returning_share

from orders

group by order_month

order by order_month
