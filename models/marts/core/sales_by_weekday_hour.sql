-- Grain: one row per weekday and hour of the day with a line.

with

lines as (

    select
        *,
        {{ iso_weekday('ordered_at') }} as weekday,
        extract(hour from ordered_at)::int as hour_of_day

    from {{ ref('order_lines') }}

)

select
    weekday,
    hour_of_day,

    {{ sales_measures() }}

from lines

group by
    weekday,
    hour_of_day
