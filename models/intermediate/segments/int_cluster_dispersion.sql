-- Grain: one row per solution: how tight its clusters are and how far apart.

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
            (spreads.spread + others.spread)
            / nullif({{ vector_distance('spreads.centre', 'others.centre') }}, 0)
        ) as likeness

    from spreads
    inner join spreads as others
        on
            spreads.solution_number = others.solution_number
            and spreads.label <> others.label

    group by
        spreads.solution_number,
        spreads.label

),

davies_bouldin as (

    select
        solution_number,
        round(avg(likeness), 9) as davies_bouldin

    from likeness

    group by
        solution_number

),

-- All clustered customers around their common centre, from the clusters' own sums.
within_and_between as (

    select
        centres.solution_number,
        axes.position,
        round(
            sum(
                centres.customer_count
                * power({{ vector_element('centres.centre', 'axes.position') }}, 2)
            ) - power(
                sum(
                    centres.customer_count
                    * {{ vector_element('centres.centre', 'axes.position') }}
                ), 2
            ) / sum(centres.customer_count), 9
        ) as between_squares

    from centres
    inner join {{ ref('int_segment_axes') }} as axes
        on centres.feature_set = axes.feature_set

    group by
        centres.solution_number,
        axes.position

),

between_sums as (

    select
        solution_number,
        round(sum(between_squares), 6) as between_squares

    from within_and_between

    group by
        solution_number

),

totals as (

    select
        solution_number,
        count(*) as cluster_count,
        sum(customer_count) as clustered_count,
        min(customer_count) as smallest_count,
        round(sum(squared_distance_sum), 6) as inertia

    from centres

    group by
        solution_number

)

select
    totals.solution_number,
    totals.cluster_count,
    totals.clustered_count,
    totals.smallest_count,
    totals.inertia,
    case
        when totals.cluster_count > 1
            then (between_sums.between_squares / (totals.cluster_count - 1))
                / nullif(
                    totals.inertia / (totals.clustered_count - totals.cluster_count), 0
                )
    end as calinski_harabasz,
    davies_bouldin.davies_bouldin

from totals
inner join between_sums
    on
        totals.solution_number = between_sums.solution_number
left join davies_bouldin
    on
        totals.solution_number = davies_bouldin.solution_number
