-- Grain: one row per known customer, order and product in it.

with

orders as (

    select
        order_id,
        customer_id,
        ordered_date,
        row_number() over (order by ordered_at, order_id) - 1 as order_number

    from {{ ref('int_orders') }}

    where
        customer_id is not null
        and product_count > 0

)

select distinct
    customers.customer_number,
    orders.order_number,
    products.product_number,
    {{ dbt.datediff(
        'orders.ordered_date', 'clock.learning_date', 'day'
    ) }} as days_ago

from {{ ref('order_lines') }} as order_lines
inner join orders on order_lines.order_id = orders.order_id
inner join {{ ref('int_recommendation_customers') }} as customers
    on orders.customer_id = customers.customer_id
inner join {{ ref('int_basket_products') }} as products
    on order_lines.product_id = products.product_id
cross join {{ ref('int_as_of_date') }} as clock

where order_lines.line_type = 'sale'
