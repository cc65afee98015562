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

measured as (

    select
        solutions.solution_number,
        solutions.feature_set,
        solutions.algorithm,
        solutions.parameter,
        solutions.parameter_value,
        coalesce(dispersion.cluster_count, 0) as k,
        solutions.customer_count,
        dispersion.inertia,
        silhouettes.silhouette,
        dispersion.calinski_harabasz,
        dispersion.davies_bouldin,
        -- Schwarz (1978) and Akaike (1974): the smaller the better.
        solutions.free_parameter_count * ln(solutions.customer_count)
        - 2 * solutions.log_likelihood as bic,
        2 * solutions.free_parameter_count - 2 * solutions.log_likelihood as aic,
        stability.bootstrap_ari,
        dispersion.smallest_count::double / solutions.customer_count as smallest_share,
        solutions.noise_count::double / solutions.customer_count as noise_share,
        stay_rates.stay_rate

    from solutions
    left join {{ ref('int_cluster_dispersion') }} as dispersion
        on solutions.solution_number = dispersion.solution_number
    left join {{ ref('int_cluster_silhouettes') }} as silhouettes
        on solutions.solution_number = silhouettes.solution_number
    left join {{ ref('int_cluster_stability') }} as stability
        on solutions.solution_number = stability.solution_number
    left join {{ ref('int_cluster_stay_rates') }} as stay_rates
        on solutions.solution_number = stay_rates.solution_number

),

-- How far inertia lies below the straight line from the fewest to the most clusters
-- (kneedle without smoothing; Satopaa, Albrecht, Irwin and Raghavan 2011).
bends as (

    select
        *,
        case
            when algorithm in ('kmeans', 'ward')
                then
                    (max(inertia) over solution_curve - inertia)
                    / nullif(
                        max(inertia) over solution_curve
                        - min(inertia) over solution_curve, 0
                    )
                    - (parameter_value - min(parameter_value) over solution_curve)
                    / nullif(
                        max(parameter_value) over solution_curve
                        - min(parameter_value) over solution_curve, 0
                    )
        end as bend

    from measured

    window solution_curve as (partition by feature_set, algorithm)

)

select
    * exclude (bend),
    coalesce(
        bend > 0
        and row_number() over (
            partition by feature_set, algorithm
            order by bend desc nulls last, parameter_value asc
        ) = 1, false
    ) as is_elbow

from bends
