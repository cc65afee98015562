-- Grain: one row per feature set, algorithm and parameter, and one for a feature set
-- that cannot be clustered.

{% set measures = [
    'inertia', 'silhouette', 'calinski_harabasz', 'davies_bouldin', 'bic', 'aic',
    'bootstrap_ari', 'smallest_share', 'noise_share', 'stay_rate'] %}

with

unready as (

    select * from {{ ref('int_segment_readiness') }}

    where not is_ready

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

    from {{ ref('int_cluster_verdicts') }}

),

chosen as (

    select
        *,
        is_partition and rank_in_algorithm = 1 as is_best_of_algorithm,
        is_partition and rank_in_set = 1 as is_chosen,
        concat_ws('; ', too_few, too_small, too_noisy, too_unstable) as failures

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
    {{ measures | join(', ') }},

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
    {% for measure in measures %}
    null as {{ measure }},
    {% endfor %}

    false as is_elbow,
    false as is_qualified,
    false as is_best_of_algorithm,
    false as is_chosen

from unready
