-- Grain: one row per country (all: every country) and rank: what to show to guests and
-- to new customers, of whom nothing else is known.

with

order_products as (

    select distinct
        order_lines.order_id,
        order_lines.product_id,
        orders.country

    from {{ ref('order_lines') }} as order_lines
    inner join {{ ref('int_orders') }} as orders
        on order_lines.order_id = orders.order_id
    inner join {{ ref('int_recommendable_products') }} as recommendable
        on order_lines.product_id = recommendable.product_id

    where
        recommendable.cutoff_number = 0
        and order_lines.line_type = 'sale'
        and orders.ordered_date
        >= {{ as_of_date() }} - {{ var('recommendation_popular_days') }}::int

),

countries as (

    select distinct country

    from {{ ref('int_orders') }}

    where country is not null

),

everywhere as (

    select
        product_id,
        count(*) as order_count

    from order_products

    group by product_id

),

-- Where a country has too few of its own, the shop's come after them.
offered as (

    select
        'all' as country,
        product_id,
        order_count,
        order_count as shop_order_count

    from everywhere

    union all

    select
        countries.country,
        everywhere.product_id,
        count(order_products.order_id) as order_count,
        everywhere.order_count as shop_order_count

    from countries
    cross join everywhere
    left join order_products
        on
            countries.country = order_products.country
            and everywhere.product_id = order_products.product_id

    group by
        countries.country,
        everywhere.product_id,
        everywhere.order_count

),

ranked as (

    select
        *,
        row_number() over (
            partition by country
            order by order_count desc, shop_order_count desc, product_id asc
        ) as rank

    from offered

)

select
    ranked.country,
    ranked.rank,
    ranked.product_id,

    products.product_name as product,

    ranked.order_count,
    ranked.shop_order_count

from ranked
inner join {{ ref('int_basket_products') }} as products
    on ranked.product_id = products.product_id

where ranked.rank <= {{ var('recommendation_list_length') }}
