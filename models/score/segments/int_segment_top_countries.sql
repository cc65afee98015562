-- Grain: one row per scheme and segment with customers of known country.

with

members as (

    select scheme_members.*

    from {{ ref('int_scheme_members') }} as scheme_members
    inner join {{ ref('int_segment_customers') }} as customers
        on scheme_members.customer_id = customers.customer_id

    where customers.draw_number <= {{ var('segment_profile_size') }}

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

)

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
