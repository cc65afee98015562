-- Grain: one row per solution: what speaks for it, and what keeps it from being chosen.

{% set measures = [
    'solution_number', 'feature_set', 'algorithm', 'parameter', 'parameter_value', 'k',
    'customer_count', 'inertia', 'silhouette', 'calinski_harabasz', 'davies_bouldin',
    'bic', 'aic', 'bootstrap_ari', 'smallest_share', 'noise_share', 'stay_rate'] %}

with

measures as (

    select * from {{ ref('int_cluster_measures') }}

),

-- How far inertia lies below the straight line from the fewest to the most clusters
-- (kneedle without smoothing; Satopaa, Albrecht, Irwin and Raghavan 2011).
bends as (

    select
        solution_number,
        (max(inertia) over solution_curve - inertia)
        / nullif(max(inertia) over solution_curve - min(inertia) over solution_curve, 0)
        - (parameter_value - min(parameter_value) over solution_curve)
        / nullif(
            max(parameter_value) over solution_curve
            - min(parameter_value) over solution_curve, 0
        ) as bend

    from measures

    where algorithm in ('kmeans', 'ward')

    window solution_curve as (partition by feature_set, algorithm)

),

-- Each in words; rounded away from the limit.
judged as (

    select
        {% for measure in measures %}
        measures.{{ measure }},
        {% endfor %}
        coalesce(
            bends.bend > 0
            and row_number() over (
                partition by measures.feature_set, measures.algorithm
                order by bends.bend desc nulls last, measures.parameter_value asc
            ) = 1, false
        ) as is_elbow,
        case
            when measures.k < {{ var('segment_min_count') }}
                then
                    measures.k || ' clusters, fewer than {{ var("segment_min_count") }}'
            when measures.silhouette is null then 'no two clusters to compare'
        end as too_few,
        case
            when
                coalesce(measures.bootstrap_ari, 0)
                < {{ var('segment_min_bootstrap_ari') }}
                then coalesce(
                    'bootstrap ARI '
                    || (floor(1000 * measures.bootstrap_ari) / 1000)::string
                    || ' below {{ var("segment_min_bootstrap_ari") }}', 'not refitted'
                )
        end as too_unstable,
        case
            when coalesce(measures.smallest_share, 0) < {{ var('segment_min_share') }}
                then
                    'smallest share '
                    || (floor(1000 * measures.smallest_share) / 1000)::string
                    || ' below {{ var("segment_min_share") }}'
        end as too_small,
        case
            when measures.noise_share > {{ var('segment_max_noise_share') }}
                then
                    'noise share '
                    || (ceil(1000 * measures.noise_share) / 1000)::string
                    || ' above {{ var("segment_max_noise_share") }}'
        end as too_noisy

    from measures
    left join bends on measures.solution_number = bends.solution_number

)

select
    *,
    k > 1 and silhouette is not null as is_partition,
    too_few is null
    and too_unstable is null
    and too_small is null
    and too_noisy is null as is_qualified

from judged
