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

    select
        *,
        cast({{ dbt.date_trunc('month', 'first_order_date') }} as date) as first_month,
        {{ dbt.datediff('first_order_date', 'learning_date', 'month') }}
            as month_count

    from {{ ref('int_as_of_date') }}

    where first_order_date is not null

),

-- The latest of them may not be over.
months_back as (

    {% for number in range(count + 2) %}
    select {{ number * months }} as month_number
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

month_starts as (

    select
        clock.learning_date,
        clock.first_month,
        clock.month_count - clock.month_count % {{ months }} - months_back.month_number
            as month_number

    from clock
    inner join months_back
        on clock.month_count - {{ months }} >= months_back.month_number

),

dated as (

    select
        learning_date,
        cast({{ dbt.dateadd('month', 'month_number', 'first_month') }} as date)
            as cutoff_date

    from month_starts

),

past as (

    select
        row_number() over (order by cutoff_date desc)::int as cutoff_number,
        {{ dbt.datediff(
            'cutoff_date', 'learning_date', 'day'
        ) }} as days_ago,
        cutoff_date

    from dated

    where cutoff_date <= learning_date - {{ days }}

)

select
    0 as cutoff_number,
    -- After the learning date, from which days are counted.
    -(
        {{ dbt.datediff('learning_date', 'as_of_date', 'day') }}
    ) as days_ago,
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
