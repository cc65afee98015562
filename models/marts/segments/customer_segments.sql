-- Grain: one row per customer, feature set and algorithm.

with

members as (

    select * from {{ ref('int_segment_members') }}

    where is_as_of_date

),

vectors as (

    select
        feature_set,
        customer_id,
        vector

    from {{ ref('int_segment_vectors') }}

    where is_as_of_date

),

selection as (

    select
        feature_set,
        algorithm,
        is_chosen

    from {{ ref('cluster_selection') }}

    where is_best_of_algorithm

),

ids as (

    select distinct
        feature_set,
        algorithm,
        segment_id,
        label

    from {{ ref('ml_segment_ids') }}

    where label is not null

),

centres as (

    select
        centres.feature_set,
        centres.algorithm,
        ids.segment_id::string as segment_id,
        array_agg(centres.element order by centres.position) as centre

    from {{ ref('int_segment_centres') }} as centres
    inner join ids
        on
            centres.feature_set = ids.feature_set
            and centres.algorithm = ids.algorithm
            and centres.label = ids.label

    group by
        centres.feature_set,
        centres.algorithm,
        ids.segment_id

),

distances as (

    select
        members.customer_id,
        members.scheme,
        min(
            case
                when centres.segment_id = members.segment_id
                    then {{ vector_distance('vectors.vector', 'centres.centre') }}
            end
        ) as own_distance,
        min(
            case
                when centres.segment_id <> members.segment_id
                    then {{ vector_distance('vectors.vector', 'centres.centre') }}
            end
        ) as next_distance

    from members
    inner join vectors
        on
            members.feature_set = vectors.feature_set
            and members.customer_id = vectors.customer_id
    inner join centres
        on
            members.feature_set = centres.feature_set
            and members.algorithm = centres.algorithm

    group by
        members.customer_id,
        members.scheme

)

select
    members.customer_id,
    members.scheme,
    members.segment_id,

    members.feature_set,
    members.algorithm,
    segment_names.segment_name,

    members.membership_probability,
    (distances.next_distance - distances.own_distance)
    / nullif(greatest(distances.next_distance, distances.own_distance), 0)
        as silhouette,

    selection.is_chosen,

    members.snapshot_date as as_of_date

from members
inner join selection
    on
        members.feature_set = selection.feature_set
        and members.algorithm = selection.algorithm
inner join distances
    on
        members.customer_id = distances.customer_id
        and members.scheme = distances.scheme
inner join {{ ref('int_segment_names') }} as segment_names
    on
        members.scheme = segment_names.scheme
        and members.segment_id = segment_names.segment_id
