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

-- Beside each centre the other ones: a distance then takes no row per centre.
surroundings as (

    select
        centres.feature_set,
        centres.algorithm,
        centres.segment_id,
        any_value(centres.centre) as centre,
        array_agg(other_segments.centre order by other_segments.segment_id)
            as other_centres

    from centres
    inner join centres as other_segments
        on
            centres.feature_set = other_segments.feature_set
            and centres.algorithm = other_segments.algorithm
            and centres.segment_id <> other_segments.segment_id

    group by
        centres.feature_set,
        centres.algorithm,
        centres.segment_id

),

distances as (

    select
        members.*,
        {{ vector_distance('vectors.vector', 'surroundings.centre') }}
            as own_distance,
        {{ nearest_distance('vectors.vector', 'surroundings.other_centres') }}
            as next_distance

    from members
    inner join vectors
        on
            members.feature_set = vectors.feature_set
            and members.customer_id = vectors.customer_id
    -- None for those in no cluster.
    left join surroundings
        on
            members.feature_set = surroundings.feature_set
            and members.algorithm = surroundings.algorithm
            and members.segment_id = surroundings.segment_id

)

select
    distances.customer_id,
    distances.scheme,
    distances.segment_id,

    distances.feature_set,
    distances.algorithm,
    segment_names.segment_name,

    distances.membership_probability,
    (distances.next_distance - distances.own_distance)
    / nullif(greatest(distances.next_distance, distances.own_distance), 0)
        as silhouette,

    selection.is_chosen,

    distances.snapshot_date as as_of_date

from distances
inner join selection
    on
        distances.feature_set = selection.feature_set
        and distances.algorithm = selection.algorithm
inner join {{ ref('int_segment_names') }} as segment_names
    on
        distances.scheme = segment_names.scheme
        and distances.segment_id = segment_names.segment_id
