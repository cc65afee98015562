-- What will each segment bring in the next year, against the last one, and how much of
-- it hangs on customers who may already be gone?

with

customers as (

    select * from {{ ref('customer_rfm') }}

),

orders as (

    select * from {{ ref('orders') }}

    where not is_fully_returned

),

values_to_come as (

    select * from {{ ref('customer_lifetime_value') }}

),

last_year as (

    select
        customers.customer_id,
        sum(orders.net_amount) as net_amount

    from customers
    inner join orders on customers.customer_id = orders.customer_id

    where
        orders.ordered_date >= {{ dbt.dateadd('day', -365, 'customers.as_of_date') }}
        and orders.ordered_date < customers.as_of_date

    group by customers.customer_id

)

select
    customers.rfm_segment,

    count(*) as customer_count,
    coalesce(sum(last_year.net_amount), 0) as amount_last_365d,
    sum(values_to_come.predicted_amount_365d) as predicted_amount_365d,
    coalesce(
        sum(values_to_come.predicted_amount_365d)
        filter (where values_to_come.probability_alive < 0.5),
        0
    ) as predicted_of_probably_gone,
    sum(values_to_come.predicted_amount_365d) / count(*) as predicted_per_customer

from customers
inner join values_to_come on customers.customer_id = values_to_come.customer_id
left join last_year on customers.customer_id = last_year.customer_id

group by customers.rfm_segment

order by
    predicted_amount_365d desc,
    customers.rfm_segment asc
