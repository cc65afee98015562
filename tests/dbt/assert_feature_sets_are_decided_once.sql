-- What is served hangs on it: every feature set has one chosen solution or one row that
-- says why there is none, and an algorithm serves one solution at most.

with

selection as (

    select * from {{ ref('cluster_selection') }}

),

decisions as (

    select
        feature_set,
        count(*) filter (where is_chosen) as chosen_count,
        count(*) filter (where algorithm = 'none') as refusal_count,
        count(*) filter (where is_chosen and not is_best_of_algorithm) as unserved_count

    from selection

    group by feature_set

)

select readiness.feature_set

from {{ ref('int_segment_readiness') }} as readiness
left join decisions on readiness.feature_set = decisions.feature_set

where
    decisions.feature_set is null
    or decisions.chosen_count + decisions.refusal_count <> 1
    or decisions.unserved_count > 0

union all

select feature_set || ' ' || algorithm as feature_set

from selection

where is_best_of_algorithm

group by
    feature_set,
    algorithm

having count(*) > 1
