-- Grain: one row per date at which recommendations are made: the as-of date (number 0)
-- and earlier ones, a horizon apart, so that each one's outcome is known at the next.

with

numbers as (

    {% for number in range(var('recommendation_test_count') + 3) %}
    select {{ number }} as cutoff_number
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

dates as (

    select
        numbers.cutoff_number,
        clock.as_of_date,
        {{ dbt.datediff(
            'clock.first_order_date', 'clock.as_of_date', 'day'
        ) }} as history_days,
        numbers.cutoff_number * {{ var('recommendation_horizon_days') }} as days_ago

    from numbers
    cross join {{ ref('int_as_of_date') }} as clock

    where clock.first_order_date is not null

)

select
    cutoff_number,
    days_ago,
    cast({{ dbt.dateadd('day', '-days_ago', 'as_of_date') }} as date) as cutoff_date,
    -- The two earliest only teach the hybrid of those after them.
    cutoff_number between 1 and {{ var('recommendation_test_count') }} as is_test

from dates

where history_days > days_ago
