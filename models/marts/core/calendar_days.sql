-- Grain: one row per calendar day, from the start of the year of the first order to a
-- year after the as-of date, which is as far as anything is predicted.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

days as (

    {{ calendar(
        "(select date_trunc('year', clock.first_order_date)::date from clock)",
        '(select clock.as_of_date + 365 from clock)',
    ) }}

)

select
    calendar_date,
    {{ iso_weekday('calendar_date') }} as iso_weekday,
    date_trunc('week', calendar_date)::date as calendar_week,
    date_trunc('month', calendar_date)::date as calendar_month,
    date_trunc('quarter', calendar_date)::date as calendar_quarter,
    date_trunc('year', calendar_date)::date as calendar_year

from days
