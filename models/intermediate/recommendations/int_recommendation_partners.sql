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

numbered_links as (

    select
        bought.item_number - 1 as bought_number,
        bought.product_name as bought_name,
        products.item_number - 1 as product_number,
        links.confidence

    from links
    inner join {{ ref('int_basket_products') }} as bought
        on links.bought_id = bought.product_id
    inner join {{ ref('int_basket_products') }} as products
        on links.product_id = products.product_id

)

select
    recommendations.customer_number,
    recommendations.product_number,
    links.bought_name,
    links.confidence

from {{ ref('ml_recommendations') }} as recommendations
inner join {{ ref('int_recommendation_habits') }} as habits
    on recommendations.customer_number = habits.customer_number
inner join numbered_links as links
    on
        recommendations.product_number = links.product_number
        and habits.product_number = links.bought_number

where recommendations.slot = 'discovery'

qualify
    row_number() over (
        partition by recommendations.customer_number, recommendations.product_number
        order by links.confidence desc, links.bought_number asc
    ) = 1
