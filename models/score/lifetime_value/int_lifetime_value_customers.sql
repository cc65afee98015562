-- Grain: one row per known customer with an order.

with

customers as (

    select
        customer_id,
        min(ordered_date) as first_ordered_date

    from {{ ref('int_orders') }}

    where customer_id is not null

    group by customer_id

)

select
    customer_id,
    -- What Python models know a customer by: numbers travel faster than text.
    row_number() over (order by customer_id) as customer_number,
    -- The order in which customers are drawn for samples: even, and the same until the
    -- next learning date, whoever comes new.
    row_number() over (
        order by
            first_ordered_date >= {{ learning_date() }},
            md5(customer_id),
            customer_id
    ) as draw_number

from customers
