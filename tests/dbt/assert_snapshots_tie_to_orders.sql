-- The snapshot of the as-of date, the RFM table and the orders agree on every customer.

with

purchases as (

    select
        customer_id,
        count(*) as order_count,
        sum(net_amount) as net_amount

    from {{ ref('orders') }}

    where order_number is not null

    group by customer_id

),

rfm as (

    select * from {{ ref('customer_rfm') }}

)

select
    purchases.customer_id,
    rfm.customer_id as rfm_customer_id

from purchases
full outer join rfm on purchases.customer_id = rfm.customer_id

where
    purchases.order_count is distinct from rfm.order_count
    or purchases.net_amount is distinct from rfm.net_amount
