-- Grain: one row per served solution and snapshot date it is applied to: now for each
-- algorithm's best (no date), the earlier month starts for the chosen one.

with

served as (

    select
        feature_set,
        algorithm,
        parameter,
        parameter_value,
        is_chosen

    from {{ ref('cluster_selection') }}

    where is_best_of_algorithm

),

earlier_dates as (

    select snapshot_date

    from {{ ref('int_snapshot_dates') }}

    where not is_as_of_date

    qualify
        row_number() over (order by snapshot_date desc)
        <= {{ var('segment_history_months') }}

),

-- Attributes alone have no history.
dated_sets as (

    select feature_set

    from {{ ref('int_segment_axes') }}

    group by feature_set

    having not bool_and(is_attribute)

),

due as (

    select
        feature_set,
        algorithm,
        parameter,
        parameter_value,
        null::date as snapshot_date

    from served

    union all

    select
        served.feature_set,
        served.algorithm,
        served.parameter,
        served.parameter_value,
        earlier_dates.snapshot_date

    from served
    inner join dated_sets on served.feature_set = dated_sets.feature_set
    cross join earlier_dates

    where served.is_chosen

)

select
    row_number() over (order by feature_set, snapshot_date nulls first, algorithm)
        as assignment_number,
    feature_set,
    algorithm,
    parameter,
    parameter_value,
    snapshot_date

from due
