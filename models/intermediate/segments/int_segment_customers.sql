-- Grain: one row per customer with a purchase or an attribute.

with

customers as (

    select customer_id

    from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

    union

    select customer_id

    from {{ ref('int_attribute_features') }}

)

select
    customer_id,
    -- What Python models know a customer by: numbers travel faster than text.
    row_number() over (order by customer_id) as customer_number,
    -- The order in which customers are drawn for samples: even, and always the same.
    row_number() over (order by md5(customer_id), customer_id) as draw_number

from customers
