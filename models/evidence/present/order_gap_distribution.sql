-- Grain: one row per percentile of the days between two orders of a customer, as of the
-- as-of date.

with

percentiles as (

    {{ calendar("'2000-01-01'::date", "'2000-04-09'::date") }}

),

numbered as (

    select row_number() over (order by calendar_date) as percentile

    from percentiles

),

gaps as (

    select
        gap_days,
        gap_count,
        share_up_to

    from {{ ref('int_order_gap_counts') }}

    where snapshot_date = {{ as_of_date() }}

),

found as (

    select
        numbered.percentile,
        min(gaps.gap_days) as gap_days

    from numbered
    inner join gaps on gaps.share_up_to >= numbered.percentile / 100.0 - 1e-9

    where numbered.percentile <= 100

    group by numbered.percentile

)

select
    found.percentile,
    found.gap_days,
    active_windows.active_days,
    found.percentile = round(100 * {{ var('prediction_active_gap_share') }})::int
        as is_active_length

from found
cross join {{ ref('int_active_windows') }} as active_windows

where active_windows.snapshot_date = {{ as_of_date() }}
