-- What is bought together with each of our 20 best sellers, how often, and how much
-- more often than by chance?

{{ config(enabled=has_area('baskets')) }}

with

best_sellers as (

    select
        product_id,
        description,
        net_amount

    from {{ ref('products') }}

    order by
        net_amount desc,
        product_id asc

    limit 20

),

affinity as (

    select * from {{ ref('product_affinity') }}

    where
        is_significant
        and lift > 1

),

-- Each pair stands once; seen from both sides.
companions as (

    select
        product_id_a as product_id,
        product_id_b as companion_id,
        product_b as companion,
        co_order_count,
        confidence_a_to_b as confidence,
        lift

    from affinity

    union all

    select
        product_id_b as product_id,
        product_id_a as companion_id,
        product_a as companion,
        co_order_count,
        confidence_b_to_a as confidence,
        lift

    from affinity

),

best_companions as (

    select * from companions

    qualify
        row_number() over (
            partition by product_id
            order by confidence desc, companion_id asc
        ) = 1

)

select
    best_sellers.product_id,
    best_sellers.description,
    best_companions.companion,

    best_sellers.net_amount,
    best_companions.co_order_count,
    best_companions.confidence,
    best_companions.lift

from best_sellers
left join best_companions on best_sellers.product_id = best_companions.product_id

order by
    best_sellers.net_amount desc,
    best_sellers.product_id asc
