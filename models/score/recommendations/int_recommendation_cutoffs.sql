-- Grain: one row per date at which recommendations are made or learned: the as-of date
-- (number 0), the learning date (-1) and dates before it (from 1), a horizon apart, so
-- that each one's outcome is known at the next.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

    where first_order_date is not null

),

numbers as (

    {% for number in range(1, var('recommendation_test_count') + 3) %}
    select
        {{ number }} as cutoff_number,
        {{ number * var('recommendation_horizon_days') }} as days_ago
    {{ 'union all' if not loop.last }}
    {% endfor %}

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
    numbers.cutoff_number,
    numbers.days_ago,
    cast({{ dbt.dateadd('day', '-numbers.days_ago', 'clock.learning_date') }} as date)
        as cutoff_date,
    -- The two earliest only teach the hybrid of those after them.
    numbers.cutoff_number <= {{ var('recommendation_test_count') }} as is_test

from numbers
inner join clock
    on
        {{ dbt.datediff('clock.first_order_date', 'clock.learning_date', 'day') }}
        > numbers.days_ago
