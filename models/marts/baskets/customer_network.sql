-- Grain: one row per customer with a link in the customer network.

select
    node as customer_id,
    community_number::string as community_id,

    count(*) over (partition by community_number) as community_size,
    degree,
    weighted_degree,
    betweenness,
    betweenness_error,
    eigenvector,
    pagerank

from {{ ref('ml_networks') }}

where network = 'customers'
