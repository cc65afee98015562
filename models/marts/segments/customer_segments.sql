-- Grain: one row per customer, feature set and algorithm.

{% if not has_area('segments') %}
{{ no_rows() }}
{% else %}

with

vectors as (

    select
        feature_set,
        customer_id,
        vector

    from {{ ref('int_segment_vectors') }}

    where is_as_of_date

),

-- Segments of earlier builds have none.
centres as (

    select
        ids.feature_set,
        ids.algorithm,
        ids.segment_id::string as segment_id,
        array_agg((ids.centre - axes.origin) / axes.unit order by axes.position)
            as centre

    from {{ ref('ml_segment_ids') }} as ids
    inner join {{ ref('int_segment_axes') }} as axes
        on
            ids.feature_set = axes.feature_set
            and ids.feature = axes.feature

    where ids.label is not null

    group by
        ids.feature_set,
        ids.algorithm,
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

    from {{ ref('int_segment_members') }} as members
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

    where members.algorithm <> 'rules'

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

    distances.is_chosen,

    {{ as_of_date() }} as as_of_date

from distances
inner join {{ ref('int_segment_names') }} as segment_names
    on
        distances.scheme = segment_names.scheme
        and distances.segment_id = segment_names.segment_id
{% endif %}
