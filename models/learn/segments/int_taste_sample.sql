-- Grain: one row per sampled customer and product ordered before the learning date.

with

customers as (

    select
        numbers.customer_number,
        sampled.customer_number as sample_number

    from {{ ref('int_recommendation_customers') }} as numbers
    inner join {{ ref('int_segment_customers') }} as sampled
        on numbers.customer_id = sampled.customer_id

    where sampled.draw_number <= {{ var('segment_sample_size') }}

),

weights as (

    select
        customers.sample_number as customer_number,
        events.product_number,
        -- A tenth order tells less than a second.
        ln(1 + count(*)) as weight

    from {{ ref('int_recommendation_events') }} as events
    inner join customers on events.customer_number = customers.customer_number

    where events.days_ago > 0

    group by
        customers.sample_number,
        events.product_number

),

lengths as (

    select
        customer_number,
        sqrt(round(sum(weight * weight), 9)) as length

    from weights

    group by customer_number

)

select
    weights.customer_number,
    products.item_number - 1 as product_number,
    products.product_id,
    weights.weight / lengths.length as weight

from weights
inner join lengths on weights.customer_number = lengths.customer_number
inner join {{ ref('int_basket_products') }} as products
    on weights.product_number = products.product_number
