-- Grain: one row per sampled customer and product.

with

customers as (

    select * from {{ ref('int_segment_customers') }}

    where draw_number <= {{ var('segment_sample_size') }}

),

products as (

    select
        product_id,
        row_number() over (order by product_id) as product_number

    from {{ ref('int_product_sales') }}

)

select
    customers.customer_number,
    products.product_number,
    taste_weights.product_id,
    taste_weights.weight

from {{ ref('int_taste_weights') }} as taste_weights
inner join customers on taste_weights.customer_id = customers.customer_id
inner join products on taste_weights.product_id = products.product_id
