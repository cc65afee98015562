-- Grain: one row per feature set, algorithm and parameter, and one for a feature set
-- that cannot be clustered.

with

measures as (

    select * from {{ ref('int_cluster_measures') }}

),

unready as (

    select * from {{ ref('int_segment_readiness') }}

    where not is_ready

),

-- What keeps a solution from being chosen, each in words; rounded away from the limit.
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

    from measures

),

qualified as (

    select
        *,
        k > 1 and silhouette is not null as is_partition,
        too_few is null
        and too_unstable is null
        and too_small is null
        and too_noisy is null as is_qualified

    from judged

),

-- The better, the earlier: among those that qualify the best silhouette; where none
-- does, what fails the least serious condition, then the most stable.
ranked as (

    select
        *,
        row_number() over (
            partition by feature_set
            order by {{ cluster_preference() }}
        ) as rank_in_set,
        row_number() over (
            partition by feature_set, algorithm
            order by {{ cluster_preference() }}
        ) as rank_in_algorithm,
        count(*) filter (where is_qualified) over (partition by feature_set)
            as qualified_count,
        max(case when is_qualified then silhouette end) over (partition by feature_set)
            as best_silhouette

    from qualified

),

chosen as (

    select
        *,
        is_partition and rank_in_algorithm = 1 as is_best_of_algorithm,
        is_partition and rank_in_set = 1 as is_chosen,
        concat_ws('; ', too_few, too_unstable, too_small, too_noisy) as failures

    from ranked

),

explained as (

    select
        *,
        case
            when is_chosen and is_qualified
                then
                    'Chosen: stable (bootstrap ARI '
                    || round(bootstrap_ari, 2)::string
                    || '), no small cluster (smallest share '
                    || round(smallest_share, 2)::string
                    || '), best silhouette (' || round(silhouette, 3)::string
                    || ') of ' || qualified_count::string || ' that qualify.'
            when is_chosen
                then
                    'Chosen, though no solution qualifies: ' || failures
                    || '. Use it with care.'
            when is_qualified
                then
                    'Qualifies; silhouette ' || round(silhouette, 3)::string
                    || ', the chosen one has ' || round(best_silhouette, 3)::string
                    || '.'
            else 'Does not qualify: ' || failures || '.'
        end as reason

    from chosen

)

select
    feature_set,
    algorithm,
    parameter,
    reason,

    k,
    parameter_value,
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
    is_qualified,
    is_best_of_algorithm,
    is_chosen

from explained

union all

select
    feature_set,
    'none' as algorithm,
    'none' as parameter,
    'No clustering: ' || missing || '.' as reason,

    0 as k,
    null as parameter_value,
    customer_count,
    null as inertia,
    null as silhouette,
    null as calinski_harabasz,
    null as davies_bouldin,
    null as bic,
    null as aic,
    null as bootstrap_ari,
    null as smallest_share,
    null as noise_share,
    null as stay_rate,

    false as is_elbow,
    false as is_qualified,
    false as is_best_of_algorithm,
    false as is_chosen

from unready
