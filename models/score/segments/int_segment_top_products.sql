-- Grain: one row per scheme and segment whose customers have bought a product.

with

members as (

    select scheme_members.*

    from {{ ref('int_scheme_members') }} as scheme_members
    inner join {{ ref('int_segment_customers') }} as customers
        on scheme_members.customer_id = customers.customer_id

    where customers.draw_number <= {{ var('segment_profile_size') }}

),

product_counts as (

    select
        members.scheme,
        members.segment_id,
        customer_products.product_id,
        count(*) as customer_count

    from members
    inner join {{ ref('int_customer_products') }} as customer_products
        on members.customer_id = customer_products.customer_id

    group by
        members.scheme,
        members.segment_id,
        customer_products.product_id

    qualify
        row_number() over (
            partition by members.scheme, members.segment_id
            order by count(*) desc, customer_products.product_id asc
        ) <= 5

)

select
    product_counts.scheme,
    product_counts.segment_id,
    string_agg(
        coalesce(descriptions.description, product_counts.product_id), '; '
        order by product_counts.customer_count desc, product_counts.product_id asc
    ) as top_products

from product_counts
left join {{ ref('int_product_descriptions') }} as descriptions
    on product_counts.product_id = descriptions.product_id

group by
    product_counts.scheme,
    product_counts.segment_id
