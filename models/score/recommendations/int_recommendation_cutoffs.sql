-- Grain: one row per date at which recommendations are made or learned: the as-of date
-- (number 0), the learning date (-1) and month starts whose outcome is known (from 1
-- on, the latest first). These lie about a horizon apart and are counted from the first
-- order, so that a new month moves none of them.

{% set days = var('recommendation_horizon_days') %}
{% set months = [(days / 30.4375) | round(0, 'ceil') | int, 1] | max %}
{# The earliest only teach the hybrid of those after them. #}
{% set count = var('recommendation_test_count') + 3 %}

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

month_starts as (

    select
        dates.snapshot_date as cutoff_date,
        {{ dbt.datediff('dates.snapshot_date', 'clock.learning_date', 'day') }}
            as days_ago,
        {{ dbt.datediff('clock.first_order_date', 'dates.snapshot_date', 'month') }}
            as months_known

    from {{ ref('int_snapshot_dates') }} as dates
    cross join clock

    where extract(day from dates.snapshot_date) = 1

),

past as (

    select
        row_number() over (order by cutoff_date desc)::int as cutoff_number,
        days_ago,
        cutoff_date

    from month_starts

    where
        mod(months_known, {{ months }}) = 0
        and days_ago >= {{ days }}

)

select
    0 as cutoff_number,
    -- After the learning date, from which days are counted.
    {{ dbt.datediff('as_of_date', 'learning_date', 'day') }}
        as days_ago,
    as_of_date as cutoff_date,
    false as is_test

from clock

where as_of_date > first_order_date

union all

select
    -1 as cutoff_number,
    0 as days_ago,
    learning_date as cutoff_date,
    false as is_test

from clock

where learning_date > first_order_date

union all

select
    cutoff_number,
    days_ago,
    cutoff_date,
    cutoff_number <= {{ var('recommendation_test_count') }} as is_test

from past

where cutoff_number <= {{ count }}
