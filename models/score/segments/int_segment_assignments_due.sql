-- Grain: one row per served solution and snapshot date it is applied to: now for each
-- algorithm's best (no date), the earlier month starts for the chosen one.

with

served as (

    select
        feature_set,
        algorithm,
        parameter,
        parameter_value,
        is_chosen,
        -- Attributes alone have no history.
        is_chosen
        and feature_set in (
            select axes.feature_set

            from {{ ref('int_segment_axes') }} as axes

            where not axes.is_attribute
        ) as has_history

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

due as (

    select
        *,
        null::date as snapshot_date

    from served

    union all

    select
        served.*,
        earlier_dates.snapshot_date

    from served
    cross join earlier_dates

    where served.has_history

)

select
    row_number() over (order by feature_set, snapshot_date nulls first, algorithm)
        as assignment_number,
    feature_set,
    algorithm,
    parameter,
    parameter_value,
    is_chosen,
    has_history,
    snapshot_date

from due
