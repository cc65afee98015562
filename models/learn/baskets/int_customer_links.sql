-- Grain: one row per link of the customer network, of those the strongest at most.

select
    firsts.customer_number as first_node,
    seconds.customer_number as second_node,
    affinity.strength as weight

from {{ ref('customer_affinity') }} as affinity
inner join {{ ref('int_recommendation_customers') }} as firsts
    on affinity.customer_id_a = firsts.customer_id
inner join {{ ref('int_recommendation_customers') }} as seconds
    on affinity.customer_id_b = seconds.customer_id

qualify
    row_number() over (
        order by
            affinity.strength desc,
            firsts.customer_number asc,
            seconds.customer_number asc
    ) <= {{ var('network_max_links') }}
