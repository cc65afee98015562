-- Grain: one row per snapshot date: every month start after the first order, the
-- learning date and the as-of date.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

month_starts as (

    {{ calendar(
        "(select date_trunc('month', clock.first_order_date) from clock)",
        "(select clock.as_of_date from clock)",
        'month'
    ) }}

),

snapshot_dates as (

    select month_starts.calendar_date as snapshot_date

    from month_starts
    cross join clock

    where month_starts.calendar_date > clock.first_order_date

    {% for date in ['learning_date', 'as_of_date'] %}
    union

    select clock.{{ date }} as snapshot_date

    from clock

    where clock.{{ date }} > clock.first_order_date
    {{- '\n' if not loop.last }}
    {% endfor %}

)

select
    snapshot_dates.snapshot_date,
    lag(snapshot_dates.snapshot_date) over (order by snapshot_dates.snapshot_date)
        as previous_snapshot_date,
    snapshot_dates.snapshot_date = clock.learning_date as is_learning_date,
    snapshot_dates.snapshot_date = clock.as_of_date as is_as_of_date

from snapshot_dates
cross join clock
