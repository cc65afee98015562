-- Grain: one row per customer with an order: what the first one says, known when it was
-- made.

with

orders as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by ordered_at, order_id
        ) as order_number,
        count(*) over (partition by customer_id) as order_count

    from {{ ref('int_orders') }}

    where customer_id is not null

)

select
    customer_id,
    -- Who comes later leaves the numbers of the others as they are.
    row_number() over (order by ordered_at, customer_id) as customer_number,
    {{ hash_share('customer_id') }} as draw_share,
    order_id,
    ordered_date,
    ordered_at,
    order_count = 1 as is_only_order,
    gross_amount,
    line_count,
    unit_count,
    product_count,
    discounted_line_count,
    usual_price_line_count,
    country

from orders

where order_number = 1
