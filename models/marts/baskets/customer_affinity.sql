-- Grain: one row per pair of customers who shared rare products at the learning date,
-- the lower id first; the strongest links of each customer.

with

customer_products as (

    select distinct
        customers.customer_id,
        events.product_number

    from {{ ref('int_recommendation_events') }} as events
    inner join {{ ref('int_recommendation_customers') }} as customers
        on events.customer_number = customers.customer_number

    -- Before the learning date.
    where events.days_ago > 0

),

-- What few have bought tells more than what everybody has; and so few pairs arise that
-- they can all be looked at.
rare_products as (

    select
        product_number,
        count(*) as buyer_count

    from customer_products

    group by product_number

    having count(*) between 2 and {{ var('affinity_max_buyers') }}

),

rare_purchases as (

    select
        customer_products.*,
        rare_products.buyer_count

    from customer_products
    inner join rare_products
        on customer_products.product_number = rare_products.product_number

),

pairs as (

    select
        firsts.customer_id as customer_id_a,
        seconds.customer_id as customer_id_b,
        count(*) as shared_product_count,
        -- Adamic and Adar (2003).
        round(sum(1 / ln(firsts.buyer_count + 1)), 9) as strength

    from rare_purchases as firsts
    inner join rare_purchases as seconds
        on
            firsts.product_number = seconds.product_number
            and firsts.customer_id < seconds.customer_id

    group by
        firsts.customer_id,
        seconds.customer_id

    having count(*) >= {{ var('affinity_min_shared_products') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_id_a
            order by strength desc, customer_id_b asc
        ) as rank_a,
        row_number() over (
            partition by customer_id_b
            order by strength desc, customer_id_a asc
        ) as rank_b

    from pairs

)

select
    customer_id_a,
    customer_id_b,

    shared_product_count,
    strength

from ranked

where least(rank_a, rank_b) <= {{ var('network_links_per_node') }}
