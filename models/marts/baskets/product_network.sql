-- Grain: one row per product with a link in the product network.

with

nodes as (

    select
        network.*,
        products.product_name,
        count(*) over (partition by network.community_number) as community_size,
        row_number() over (
            partition by network.community_number
            order by network.weighted_degree desc, network.node asc
        ) as product_rank

    from {{ ref('ml_networks') }} as network
    inner join {{ ref('int_basket_products') }} as products
        on network.node = products.product_id

    where network.network = 'products'

),

-- Named after the three products with the strongest links.
communities as (

    select
        community_number,
        string_agg(product_name, ', ' order by product_rank) as community_name

    from nodes

    where product_rank <= 3

    group by community_number

)

select
    nodes.node as product_id,
    nodes.community_number::string as community_id,

    nodes.product_name as product,
    communities.community_name,

    nodes.community_size,
    nodes.degree,
    nodes.weighted_degree,
    nodes.betweenness,
    nodes.betweenness_error,
    nodes.eigenvector,
    nodes.pagerank

from nodes
inner join communities on nodes.community_number = communities.community_number
