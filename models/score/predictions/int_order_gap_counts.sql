-- Grain: one row per snapshot date and length of the gap between two orders of a
-- customer that was known by then.

with

orders as (

    select
        ordered_date,
        lag(ordered_date) over (
            partition by customer_id
            order by ordered_at, order_id
        ) as previous_ordered_date

    from {{ ref('int_orders') }}

    where customer_id is not null

),

gaps as (

    select
        ordered_date,
        {{ dbt.datediff('previous_ordered_date', 'ordered_date', 'day') }}
            as gap_days

    from orders

    where previous_ordered_date < ordered_date

),

gaps_by_day as (

    select
        ordered_date,
        gap_days,
        count(*) as gap_count

    from gaps

    group by
        ordered_date,
        gap_days

),

known_gaps as (

    select
        snapshot_dates.snapshot_date,
        gaps_by_day.gap_days,
        sum(gaps_by_day.gap_count) as gap_count

    from gaps_by_day
    inner join {{ ref('int_history_dates') }} as snapshot_dates
        on gaps_by_day.ordered_date < snapshot_dates.snapshot_date

    group by
        snapshot_dates.snapshot_date,
        gaps_by_day.gap_days

)

select
    snapshot_date,
    gap_days,
    gap_count::bigint as gap_count,
    (
        sum(gap_count) over (partition by snapshot_date order by gap_days)
    )::double
    / sum(gap_count) over (partition by snapshot_date) as share_up_to

from known_gaps
