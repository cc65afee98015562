-- Grain: one row per scheme and segment: what its customers buy most and where they
-- are.

with

members as (

    select scheme_members.*

    from {{ ref('int_scheme_members') }} as scheme_members
    inner join {{ ref('int_segment_customers') }} as customers
        on scheme_members.customer_id = customers.customer_id

    where customers.draw_number <= {{ var('segment_profile_size') }}

),

product_counts as (

    select
        members.scheme,
        members.segment_id,
        customer_products.product_id,
        count(*) as customer_count

    from members
    inner join {{ ref('int_customer_products') }} as customer_products
        on members.customer_id = customer_products.customer_id

    group by
        members.scheme,
        members.segment_id,
        customer_products.product_id

    qualify
        row_number() over (
            partition by members.scheme, members.segment_id
            order by count(*) desc, customer_products.product_id asc
        ) <= 5

),

top_products as (

    select
        product_counts.scheme,
        product_counts.segment_id,
        string_agg(
            coalesce(descriptions.description, product_counts.product_id), '; '
            order by product_counts.customer_count desc, product_counts.product_id asc
        ) as top_products

    from product_counts
    left join {{ ref('int_product_descriptions') }} as descriptions
        on product_counts.product_id = descriptions.product_id

    group by
        product_counts.scheme,
        product_counts.segment_id

),

country_counts as (

    select
        members.scheme,
        members.segment_id,
        snapshots.country,
        count(*) as customer_count

    from members
    inner join {{ ref('int_customer_snapshots') }} as snapshots
        on members.customer_id = snapshots.customer_id

    where
        snapshots.snapshot_date = {{ as_of_date() }}
        and snapshots.country is not null

    group by
        members.scheme,
        members.segment_id,
        snapshots.country

),

country_shares as (

    select
        *,
        customer_count::double
        / sum(customer_count) over (partition by scheme, segment_id) as share,
        row_number() over (
            partition by scheme, segment_id
            order by customer_count desc, country asc
        ) as country_rank

    from country_counts

),

top_countries as (

    select
        scheme,
        segment_id,
        string_agg(
            country || ' ' || round(100 * share)::int::string || '%', '; '
            order by country_rank
        ) as top_countries

    from country_shares

    where country_rank <= 3

    group by
        scheme,
        segment_id

)

select
    coalesce(top_products.scheme, top_countries.scheme) as scheme,
    coalesce(top_products.segment_id, top_countries.segment_id) as segment_id,
    top_products.top_products,
    top_countries.top_countries

from top_products
full outer join top_countries
    on
        top_products.scheme = top_countries.scheme
        and top_products.segment_id = top_countries.segment_id
