-- Grain: one row per known customer with an order.

with

customers as (

    select distinct customer_id from {{ ref('int_orders') }}

    where customer_id is not null

)

select
    customer_id,
    -- What Python models know a customer by: numbers travel faster than text.
    row_number() over (order by customer_id) as customer_number,
    -- The order in which customers are drawn for samples: even, and always the same.
    row_number() over (order by md5(customer_id), customer_id) as draw_number

from customers
