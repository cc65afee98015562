-- Grain: one row per community of the product network, named after its three products
-- with the strongest links.

with

ranked as (

    select
        network.community_number,
        products.product_name,
        products.item_number,
        row_number() over (
            partition by network.community_number
            order by network.weighted_degree desc, network.node asc
        ) as product_rank,
        count(*) over (partition by network.community_number) as product_count

    from {{ ref('ml_product_network') }} as network
    inner join {{ ref('int_basket_products') }} as products
        on network.node = products.item_number

)

select
    community_number,
    max(product_count) as product_count,
    string_agg(product_name, ', ' order by product_rank) as community_name

from ranked

where product_rank <= 3

group by community_number
