-- Which countries grow, in the last 365 days of data against the 365 before, and is it
-- more customers or more of each?

with

orders as (

    select * from {{ ref('orders') }}

    where
        customer_id is not null
        and not is_fully_returned

),

clock as (

    select max(ordered_date) as last_order_date from orders

),

dated as (

    select
        orders.country,
        orders.customer_id,
        orders.net_amount,
        orders.ordered_date
        > {{ dbt.dateadd('day', -365, 'clock.last_order_date') }} as is_last_year

    from orders
    cross join clock

    where
        orders.ordered_date
        > {{ dbt.dateadd('day', -730, 'clock.last_order_date') }}

),

countries as (

    select
        country,
        coalesce(sum(net_amount) filter (where is_last_year), 0) as net_amount,
        coalesce(sum(net_amount) filter (where not is_last_year), 0)
            as net_amount_year_before,
        count(distinct case when is_last_year then customer_id end) as customer_count,
        count(distinct case when not is_last_year then customer_id end)
            as customer_count_year_before

    from dated

    group by country

)

select
    country,

    net_amount,
    net_amount_year_before,
    net_amount - net_amount_year_before as amount_change,
    customer_count,
    customer_count_year_before,
    net_amount / nullif(customer_count, 0) as amount_per_customer,
    net_amount_year_before / nullif(customer_count_year_before, 0)
        as amount_per_customer_year_before

from countries

order by
    amount_change desc,
    country asc
