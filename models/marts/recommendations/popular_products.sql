-- Grain: one row per country (all: every country) and rank: what to show to guests and
-- to new customers, of whom nothing else is known.

with

recommendable as (

    select product_id

    from {{ ref('int_recommendable_products') }}

    where cutoff_number = 0

),

order_products as (

    select distinct
        order_lines.order_id,
        order_lines.product_id,
        orders.country

    from {{ ref('order_lines') }} as order_lines
    inner join {{ ref('int_orders') }} as orders
        on order_lines.order_id = orders.order_id
    inner join recommendable
        on order_lines.product_id = recommendable.product_id

    where
        order_lines.line_type = 'sale'
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

own_counts as (

    select
        country,
        product_id,
        count(*) as order_count

    from order_products

    where country is not null

    group by
        country,
        product_id

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
        coalesce(own_counts.order_count, 0) as order_count,
        everywhere.order_count as shop_order_count

    from countries
    cross join everywhere
    left join own_counts
        on
            countries.country = own_counts.country
            and everywhere.product_id = own_counts.product_id

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
