-- Grain: one row per basket group and stretch of time as long as the hold-out period,
-- which is the latest of them; the last one takes all that is older.

with

numbers as (

    {% for number in range(8) %}
    select {{ number }} as period_number
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

first_numbers as (

    select
        basket_group,
        period_number,
        min(basket_number) as first_number

    from {{ ref('int_baskets') }}

    group by
        basket_group,
        period_number

)

select
    groups.basket_group,
    numbers.period_number,
    -- Numbers rise with time; where nothing is later all baskets are below it.
    coalesce(min(later.first_number), 9223372036854775807)::bigint as end_number,
    power(
        0.5,
        numbers.period_number * {{ var('basket_holdout_days') }}
        / {{ var('basket_half_life_days') }}.0
    ) as weight

from {{ ref('int_basket_groups') }} as groups
cross join numbers
left join first_numbers as later
    on
        groups.basket_group = later.basket_group
        and numbers.period_number > later.period_number

group by
    groups.basket_group,
    numbers.period_number
