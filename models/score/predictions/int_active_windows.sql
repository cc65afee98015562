-- Grain: one row per snapshot date: for how long after an order a customer counted as
-- active, by the gaps between orders known then.

with

usual_gaps as (

    select
        snapshot_date,
        min(gap_days) as usual_gap_days

    from {{ ref('int_order_gap_counts') }}

    where share_up_to >= {{ var('prediction_active_gap_share') }}

    group by snapshot_date

)

select
    snapshot_dates.snapshot_date,
    -- Nobody has ordered twice yet: the longest window.
    least(
        greatest(
            coalesce(
                usual_gaps.usual_gap_days, {{ var('prediction_active_days_max') }}
            ),
            {{ var('prediction_active_days_min') }}
        ),
        {{ var('prediction_active_days_max') }}
    ) as active_days

from {{ ref('int_history_dates') }} as snapshot_dates
left join usual_gaps on snapshot_dates.snapshot_date = usual_gaps.snapshot_date
