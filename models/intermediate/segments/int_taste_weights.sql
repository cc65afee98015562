-- Grain: one row per customer and product: how much of the customer's taste it is.

with

weights as (

    select
        customer_id,
        product_id,
        -- A tenth order tells less than a second.
        ln(1 + order_count) as weight

    from {{ ref('int_customer_products') }}

),

lengths as (

    select
        customer_id,
        sqrt(round(sum(weight * weight), 9)) as length

    from weights

    group by customer_id

)

select
    weights.customer_id,
    weights.product_id,
    weights.weight / lengths.length as weight

from weights
inner join lengths on weights.customer_id = lengths.customer_id
