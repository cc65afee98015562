-- Grain: one row per sampled customer and product.

with

customers as (

    select * from {{ ref('int_segment_customers') }}

    where draw_number <= {{ var('segment_sample_size') }}

),

weights as (

    select
        customers.customer_number,
        customer_products.product_id,
        -- A tenth order tells less than a second.
        ln(1 + customer_products.order_count) as weight

    from {{ ref('int_customer_products') }} as customer_products
    inner join customers on customer_products.customer_id = customers.customer_id

),

lengths as (

    select
        customer_number,
        sqrt(round(sum(weight * weight), 9)) as length

    from weights

    group by customer_number

),

products as (

    select
        product_id,
        row_number() over (order by product_id) as product_number

    from {{ ref('int_product_sales') }}

)

select
    weights.customer_number,
    products.product_number,
    weights.product_id,
    weights.weight / lengths.length as weight

from weights
inner join lengths on weights.customer_number = lengths.customer_number
inner join products on weights.product_id = products.product_id
