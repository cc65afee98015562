-- Grain: one row per solution: everything that is measured of it.

with

solutions as (

    select
        solution_number,
        feature_set,
        algorithm,
        parameter,
        parameter_value,
        count(*) as customer_count,
        count(*) filter (where label < 0) as noise_count,
        max(log_likelihood) as log_likelihood,
        max(free_parameter_count) as free_parameter_count

    from {{ ref('ml_cluster_labels') }}

    where run = 'fit'

    group by
        solution_number,
        feature_set,
        algorithm,
        parameter,
        parameter_value

),

clusters as (

    select * from {{ ref('int_cluster_centres') }}

),

-- Each cluster beside the others: the most alike (Davies and Bouldin 1979), and squared
-- distances that add up, by pairs of centres, to those of the centres from their mean.
neighbours as (

    select
        clusters.solution_number,
        clusters.label,
        max(
            (clusters.spread + other.spread)
            / nullif({{ vector_distance('clusters.centre', 'other.centre') }}, 0)
        ) as likeness,
        sum(
            clusters.customer_count * other.customer_count
            * power({{ vector_distance('clusters.centre', 'other.centre') }}, 2)
        ) as weighted_squares

    from clusters
    inner join clusters as other
        on
            clusters.solution_number = other.solution_number
            and clusters.label <> other.label

    group by
        clusters.solution_number,
        clusters.label

),

totals as (

    select
        clusters.solution_number,
        count(*) as k,
        sum(clusters.customer_count) as clustered_count,
        min(clusters.customer_count) as smallest_count,
        round(sum(clusters.squared_distance_sum), 6) as inertia,
        round(sum(neighbours.weighted_squares) / 2 / sum(clusters.customer_count), 6)
            as between_squares,
        round(avg(neighbours.likeness), 9) as davies_bouldin

    from clusters
    left join neighbours
        on
            clusters.solution_number = neighbours.solution_number
            and clusters.label = neighbours.label

    group by clusters.solution_number

)

select
    solutions.solution_number,
    solutions.feature_set,
    solutions.algorithm,
    solutions.parameter,
    solutions.parameter_value,
    coalesce(totals.k, 0) as k,
    solutions.customer_count,
    totals.inertia,
    silhouettes.silhouette,
    (totals.between_squares / nullif(totals.k - 1, 0))
    / nullif(totals.inertia / nullif(totals.clustered_count - totals.k, 0), 0)
        as calinski_harabasz,
    totals.davies_bouldin,
    -- Schwarz (1978) and Akaike (1974): the smaller the better.
    solutions.free_parameter_count * ln(solutions.customer_count)
    - 2 * solutions.log_likelihood as bic,
    2 * solutions.free_parameter_count - 2 * solutions.log_likelihood as aic,
    stability.bootstrap_ari,
    totals.smallest_count::double / solutions.customer_count as smallest_share,
    solutions.noise_count::double / solutions.customer_count as noise_share,
    stability.stay_rate

from solutions
left join totals on solutions.solution_number = totals.solution_number
left join {{ ref('int_cluster_silhouettes') }} as silhouettes
    on solutions.solution_number = silhouettes.solution_number
left join {{ ref('int_cluster_stability') }} as stability
    on solutions.solution_number = stability.solution_number
