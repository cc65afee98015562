-- Which products in a first order go with a second one most often? (The lower bound of
-- the share decides, so that few lucky customers do not make a winner. That it goes
-- with it does not say that it causes it.)

with

orders as (

    select * from {{ ref('orders') }}

    where customer_id is not null

),

order_lines as (

    select * from {{ ref('order_lines') }}

    where line_type = 'sale'

),

products as (

    select * from {{ ref('products') }}

),

customers as (

    select * from {{ ref('customers') }}

),

first_baskets as (

    select distinct
        orders.customer_id,
        order_lines.product_id

    from orders
    inner join order_lines on orders.order_id = order_lines.order_id

    where orders.is_first_order

),

counted as (

    select
        first_baskets.product_id,
        count(*) as first_buyer_count,
        count(*) filter (where customers.order_count > 1) as returning_count

    from first_baskets
    inner join customers on first_baskets.customer_id = customers.customer_id

    group by first_baskets.product_id

    having count(*) >= 30

)

select
    counted.product_id,
    products.description,

    counted.first_buyer_count,
    counted.returning_count::double / counted.first_buyer_count as returning_share,
    {{ wilson_low('counted.returning_count', 'counted.first_buyer_count') }}
        as returning_share_low

from counted
inner join products on counted.product_id = products.product_id

order by
    returning_share_low desc,
    counted.product_id asc

limit 25
