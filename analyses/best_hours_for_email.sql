-- On which weekday and at what hour do most orders come in, so that an e-mail should be
-- there just before? (Weekday 1 is Monday.)

with

hours as (

    select * from {{ ref('sales_by_weekday_hour') }}

)

select
    weekday,
    hour_of_day,

    order_count,
    order_count::double / sum(order_count) over () as order_share,
    gross_amount / nullif(order_count, 0) as amount_per_order

from hours

order by
    order_count desc,
    weekday asc,
    hour_of_day asc

limit 10
