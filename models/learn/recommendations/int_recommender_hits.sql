-- Grain: one row per past date, source, slot, customer and rank that came true.

select
    lists.cutoff_number,
    lists.source,
    lists.slot,
    lists.customer_number,
    lists.rank as hit_rank,
    row_number() over (
        partition by
            lists.cutoff_number, lists.source, lists.slot, lists.customer_number
        order by lists.rank
    ) as hit_number

from {{ ref('ml_recommender_lists') }} as lists
inner join {{ ref('int_recommendation_targets') }} as targets
    on
        lists.cutoff_number = targets.cutoff_number
        and lists.customer_number = targets.customer_number
        and lists.product_number = targets.product_number
