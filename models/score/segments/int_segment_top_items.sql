-- Grain: one row per scheme and segment: what its customers buy, and where they are.

with

members as (

    select members.*

    from {{ ref('int_segment_members') }} as members
    inner join {{ ref('int_segment_customers') }} as customers
        on members.customer_id = customers.customer_id

    where customers.draw_number <= {{ var('segment_profile_size') }}

),

items as (

    select
        customer_id,
        'product' as kind,
        product_id as item

    from {{ ref('int_customer_products') }}

    union all

    select
        customer_id,
        'country' as kind,
        country as item

    from {{ ref('int_customer_snapshots') }}

    where
        snapshot_date = {{ as_of_date() }}
        and country is not null

),

counted as (

    select
        members.scheme,
        members.segment_id,
        items.kind,
        items.item,
        count(*)::double / sum(count(*)) over (
            partition by members.scheme, members.segment_id, items.kind
        ) as share,
        row_number() over (
            partition by members.scheme, members.segment_id, items.kind
            order by count(*) desc, items.item asc
        ) as item_rank

    from members
    inner join items on members.customer_id = items.customer_id

    group by
        members.scheme,
        members.segment_id,
        items.kind,
        items.item

)

select
    counted.scheme,
    counted.segment_id,
    string_agg(
        coalesce(descriptions.description, counted.item), '; '
        order by counted.item_rank
    ) filter (where counted.kind = 'product' and counted.item_rank <= 5)
        as top_products,
    string_agg(
        counted.item || ' ' || round(100 * counted.share)::int::string || '%', '; '
        order by counted.item_rank
    ) filter (where counted.kind = 'country' and counted.item_rank <= 3)
        as top_countries

from counted
left join {{ ref('int_product_descriptions') }} as descriptions
    on
        counted.item = descriptions.product_id
        and counted.kind = 'product'

group by
    counted.scheme,
    counted.segment_id
