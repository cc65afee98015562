-- Grain: one row per link of the product network, of those the strongest at most.

select
    firsts.item_number as first_node,
    seconds.item_number as second_node,
    affinity.jaccard as weight

from {{ ref('product_affinity') }} as affinity
inner join {{ ref('int_basket_products') }} as firsts
    on affinity.product_id_a = firsts.product_id
inner join {{ ref('int_basket_products') }} as seconds
    on affinity.product_id_b = seconds.product_id

where affinity.is_in_network

qualify
    row_number() over (
        order by affinity.jaccard desc, firsts.item_number asc, seconds.item_number asc
    ) <= {{ var('network_max_links') }}
