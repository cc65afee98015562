-- Grain: one row per customer with a link in the customer network.

select
    customers.customer_id,
    network.community_number::string as community_id,

    count(*) over (partition by network.community_number) as community_size,
    network.degree,
    network.weighted_degree,
    network.betweenness,
    network.eigenvector,
    network.pagerank

from {{ ref('ml_customer_network') }} as network
inner join {{ ref('int_recommendation_customers') }} as customers
    on network.node = customers.customer_number
