-- Grain: one row per calendar day from the first sale to the day before the as-of
-- date; days without a line are zero.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

days as (

    {{ calendar(
        '(select clock.first_order_date from clock)',
        '(select clock.as_of_date - 1 from clock)',
    ) }}

),

lines as (

    select
        *,
        ordered_at::date as ordered_date

    from {{ ref('order_lines') }}

)

select
    days.calendar_date as sales_date,

    {{ sales_measures() }}

from days
left join lines on days.calendar_date = lines.ordered_date

group by days.calendar_date
