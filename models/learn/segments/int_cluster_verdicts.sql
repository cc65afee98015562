-- Grain: one row per solution: what keeps it from being chosen.

with

-- Each in words; rounded away from the limit.
judged as (

    select
        *,
        case
            when k < {{ var('segment_min_count') }}
                then k || ' clusters, fewer than {{ var("segment_min_count") }}'
            when silhouette is null then 'no two clusters to compare'
        end as too_few,
        case
            when coalesce(bootstrap_ari, 0) < {{ var('segment_min_bootstrap_ari') }}
                then 'bootstrap ARI ' || coalesce(
                    (floor(1000 * bootstrap_ari) / 1000)::string
                    || ' below {{ var("segment_min_bootstrap_ari") }}', 'unknown'
                )
        end as too_unstable,
        case
            when coalesce(smallest_share, 0) < {{ var('segment_min_share') }}
                then
                    'smallest share ' || (floor(1000 * smallest_share) / 1000)::string
                    || ' below {{ var("segment_min_share") }}'
        end as too_small,
        case
            when noise_share > {{ var('segment_max_noise_share') }}
                then
                    'noise share ' || (ceil(1000 * noise_share) / 1000)::string
                    || ' above {{ var("segment_max_noise_share") }}'
        end as too_noisy

    from {{ ref('int_cluster_measures') }}

)

select
    solution_number,
    feature_set,
    algorithm,
    parameter,
    parameter_value,
    k,
    customer_count,
    inertia,
    silhouette,
    calinski_harabasz,
    davies_bouldin,
    bic,
    aic,
    bootstrap_ari,
    smallest_share,
    noise_share,
    stay_rate,
    is_elbow,
    too_few,
    too_unstable,
    too_small,
    too_noisy,
    k > 1 and silhouette is not null as is_partition,
    too_few is null
    and too_unstable is null
    and too_small is null
    and too_noisy is null as is_qualified

from judged
