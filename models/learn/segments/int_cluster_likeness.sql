-- Grain: one row per solution with two clusters or more: how alike its clusters are.

with

centres as (

    select * from {{ ref('int_cluster_centres') }}

),

members as (

    select * from {{ ref('int_cluster_members') }}

),

-- Mean distance of a cluster's members from its centre.
spreads as (

    select
        centres.solution_number,
        centres.label,
        any_value(centres.centre) as centre,
        round(
            avg({{ vector_distance('members.vector', 'centres.centre') }}), 9
        ) as spread

    from centres
    inner join members
        on
            centres.solution_number = members.solution_number
            and centres.label = members.label

    group by
        centres.solution_number,
        centres.label

),

-- The other cluster that a cluster is most like.
likeness as (

    select
        spreads.solution_number,
        spreads.label,
        max(
            (spreads.spread + other_spreads.spread)
            / nullif({{ vector_distance('spreads.centre', 'other_spreads.centre') }}, 0)
        ) as likeness

    from spreads
    inner join spreads as other_spreads
        on
            spreads.solution_number = other_spreads.solution_number
            and spreads.label <> other_spreads.label

    group by
        spreads.solution_number,
        spreads.label

)

select
    solution_number,
    round(avg(likeness), 9) as davies_bouldin

from likeness

group by solution_number
