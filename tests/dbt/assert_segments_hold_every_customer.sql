-- Joins to names, centres and profiles could lose customers: every scheme holds all
-- customers of its feature set, and the profiles count the same.

with

customers as (

    select
        feature_set,
        count(*) as customer_count

    from {{ ref('int_segment_vectors') }}

    where is_as_of_date

    group by feature_set

),

schemes as (

    select
        selection.feature_set || '_' || selection.algorithm as scheme,
        customers.customer_count

    from {{ ref('cluster_selection') }} as selection
    inner join customers on selection.feature_set = customers.feature_set

    where selection.is_best_of_algorithm

    union all

    select
        'rfm' as scheme,
        count(*) as customer_count

    from {{ ref('customer_rfm') }}

    having count(*) > 0

),

segments as (

    select
        scheme,
        segment_name,
        count(*) as customer_count

    from {{ ref('customer_segments') }}

    group by
        scheme,
        segment_name

    union all

    select
        'rfm' as scheme,
        rfm_segment as segment_name,
        count(*) as customer_count

    from {{ ref('customer_rfm') }}

    group by rfm_segment

),

assigned as (

    select
        scheme,
        sum(customer_count) as customer_count

    from segments

    group by scheme

),

profiles as (

    select
        scheme,
        segment_name,
        customer_count

    from {{ ref('segment_profiles') }}

)

select
    coalesce(schemes.scheme, assigned.scheme) as scheme,
    'every segment' as segment_name

from schemes
full outer join assigned on schemes.scheme = assigned.scheme

where schemes.customer_count is distinct from assigned.customer_count

union all

select
    coalesce(segments.scheme, profiles.scheme) as scheme,
    coalesce(segments.segment_name, profiles.segment_name) as segment_name

from segments
full outer join profiles
    on
        segments.scheme = profiles.scheme
        and segments.segment_name = profiles.segment_name

where segments.customer_count is distinct from profiles.customer_count
