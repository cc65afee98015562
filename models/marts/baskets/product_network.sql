-- Grain: one row per product with a link in the product network.

select
    products.product_id,
    network.community_number::string as community_id,

    products.product_name as product,
    communities.community_name,

    communities.product_count as community_size,
    network.degree,
    network.weighted_degree,
    network.betweenness,
    network.eigenvector,
    network.pagerank

from {{ ref('ml_product_network') }} as network
inner join {{ ref('int_basket_products') }} as products
    on network.node = products.item_number
inner join {{ ref('int_product_communities') }} as communities
    on network.community_number = communities.community_number
