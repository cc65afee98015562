-- Grain: one row per solution: how tight its clusters are and how far apart.

with

centres as (

    select * from {{ ref('int_cluster_centres') }}

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
            then
                (between_sums.between_squares / (totals.cluster_count - 1))
                / nullif(
                    totals.inertia
                    / nullif(totals.clustered_count - totals.cluster_count, 0), 0
                )
    end as calinski_harabasz,
    likeness.davies_bouldin

from totals
inner join between_sums
    on
        totals.solution_number = between_sums.solution_number
left join {{ ref('int_cluster_likeness') }} as likeness
    on
        totals.solution_number = likeness.solution_number
