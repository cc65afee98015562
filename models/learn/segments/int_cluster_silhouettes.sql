-- Grain: one row per solution with two clusters or more among the evaluated customers.

with

points as (

    select
        feature_set,
        sample_number,
        vector

    from {{ ref('int_segment_sample') }}

    where
        snapshot_number = 0
        and is_evaluated

),

members as (

    select * from {{ ref('int_cluster_members') }}

    where is_evaluated

),

distances as (

    select
        points.feature_set,
        points.sample_number,
        other_points.sample_number as other_number,
        {{ vector_distance('points.vector', 'other_points.vector') }} as distance

    from points
    inner join points as other_points
        on
            points.feature_set = other_points.feature_set
            and points.sample_number <> other_points.sample_number

),

-- Towards each cluster, the customer not counted in the own one.
distances_to_clusters as (

    select
        members.solution_number,
        distances.sample_number,
        members.label,
        avg(distances.distance) as distance

    from members
    inner join distances
        on
            members.feature_set = distances.feature_set
            and members.sample_number = distances.other_number

    group by
        members.solution_number,
        distances.sample_number,
        members.label

),

nearness as (

    select
        members.solution_number,
        members.sample_number,
        max(clusters.distance) filter (where clusters.label = members.label)
            as own_distance,
        min(clusters.distance) filter (where clusters.label <> members.label)
            as next_distance

    from members
    inner join distances_to_clusters as clusters
        on
            members.solution_number = clusters.solution_number
            and members.sample_number = clusters.sample_number

    group by
        members.solution_number,
        members.sample_number

)

select
    solution_number,
    -- Alone in its cluster a customer counts 0 (Rousseeuw 1987). Rounded, because the
    -- last digits of a sum depend on the order of the rows.
    round(
        avg(
            case
                when own_distance is null then 0
                else coalesce(
                    (next_distance - own_distance)
                    / nullif(greatest(next_distance, own_distance), 0), 0
                )
            end
        ), 9
    ) as silhouette

from nearness

where next_distance is not null

group by solution_number
