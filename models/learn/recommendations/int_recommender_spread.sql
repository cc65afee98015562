-- Grain: one row per past date, source, slot and list length: how many products are
-- recommended at all, and how little known they are.

with

lengths as (

    {% for k in var('recommendation_judged_lengths') %}
    select {{ k }} as k
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

product_counts as (

    select
        lists.cutoff_number,
        lists.source,
        lists.slot,
        lengths.k,
        lists.product_number,
        count(*) as list_count

    from {{ ref('ml_recommender_lists') }} as lists
    inner join lengths on lists.rank <= lengths.k

    group by
        lists.cutoff_number,
        lists.source,
        lists.slot,
        lengths.k,
        lists.product_number

),

eligible_counts as (

    select
        cutoff_number,
        count(*) as eligible_count

    from {{ ref('int_recommendable_products') }}

    group by cutoff_number

),

first_purchases as (

    select
        customer_number,
        product_number,
        max(days_ago) as first_days_ago

    from {{ ref('int_recommendation_events') }}

    group by
        customer_number,
        product_number

),

buyers as (

    select
        cutoffs.cutoff_number,
        first_purchases.product_number,
        count(*) as buyer_count

    from first_purchases
    inner join {{ ref('int_recommendation_cutoffs') }} as cutoffs
        on first_purchases.first_days_ago > cutoffs.days_ago

    group by
        cutoffs.cutoff_number,
        first_purchases.product_number

),

customers as (

    select
        cutoffs.cutoff_number,
        count(distinct first_purchases.customer_number) as customer_count

    from first_purchases
    inner join {{ ref('int_recommendation_cutoffs') }} as cutoffs
        on first_purchases.first_days_ago > cutoffs.days_ago

    group by cutoffs.cutoff_number

)

-- Nobody having bought it counts like one customer.
select
    product_counts.cutoff_number,
    product_counts.source,
    product_counts.slot,
    product_counts.k,
    count(*) * 1.0 / max(eligible_counts.eligible_count) as coverage,
    sum((
        product_counts.list_count
        * ln(customers.customer_count * 1.0 / coalesce(buyers.buyer_count, 1)) / ln(2)
    )::decimal(38, 12))::double / sum(product_counts.list_count) as novelty

from product_counts
inner join eligible_counts
    on product_counts.cutoff_number = eligible_counts.cutoff_number
inner join customers on product_counts.cutoff_number = customers.cutoff_number
left join buyers
    on
        product_counts.cutoff_number = buyers.cutoff_number
        and product_counts.product_number = buyers.product_number

group by
    product_counts.cutoff_number,
    product_counts.source,
    product_counts.slot,
    product_counts.k
