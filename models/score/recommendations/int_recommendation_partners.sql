-- Grain: one row per customer and product recommended that was never bought: the
-- product the customer did buy whose baskets most often hold it.

with

links as (

    select
        product_id_a as bought_id,
        product_id_b as product_id,
        confidence_a_to_b as confidence

    from {{ ref('product_affinity') }}

    where is_significant

    union all

    select
        product_id_b as bought_id,
        product_id_a as product_id,
        confidence_b_to_a as confidence

    from {{ ref('product_affinity') }}

    where is_significant

),

-- A customer who bought none of the fifty surest hardly hears a good reason.
ranked_links as (

    select
        bought.product_number as bought_number,
        bought.product_name as bought_name,
        products.product_number,
        links.confidence,
        row_number() over (
            partition by links.product_id
            order by links.confidence desc, bought.item_number asc
        ) as link_rank

    from links
    inner join {{ ref('int_basket_products') }} as bought
        on links.bought_id = bought.product_id
    inner join {{ ref('int_basket_products') }} as products
        on links.product_id = products.product_id

    qualify link_rank <= 50

),

-- The ranks are those of the product's links, so that one number per customer and
-- product is kept of the many links that lead there.
best_links as (

    select
        recommendations.customer_number,
        recommendations.product_number,
        min(ranked_links.link_rank) as link_rank

    from {{ ref('ml_recommendations') }} as recommendations
    inner join {{ ref('int_recommendation_habits') }} as habits
        on recommendations.customer_number = habits.customer_number
    inner join ranked_links
        on
            recommendations.product_number = ranked_links.product_number
            and habits.product_number = ranked_links.bought_number

    where recommendations.slot = 'discovery'

    group by
        recommendations.customer_number,
        recommendations.product_number

)

select
    best_links.customer_number,
    best_links.product_number,
    ranked_links.bought_name,
    ranked_links.confidence

from best_links
inner join ranked_links
    on
        best_links.product_number = ranked_links.product_number
        and best_links.link_rank = ranked_links.link_rank
