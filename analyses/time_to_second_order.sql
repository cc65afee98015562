-- How long after the first order does the second one come, and how many customers have
-- it by then? (Of customers whose first order is a year or more ago.)

with

purchases as (

    select * from {{ ref('orders') }}

    where
        customer_id is not null
        and not is_fully_returned

),

clock as (

    select max(ordered_date) as last_order_date from purchases

),

numbered as (

    select
        customer_id,
        ordered_date,
        row_number() over (
            partition by customer_id
            order by ordered_at, order_id
        ) as purchase_number

    from purchases

),

first_and_second as (

    select
        customer_id,
        min(ordered_date) filter (where purchase_number = 1) as first_date,
        min(ordered_date) filter (where purchase_number = 2) as second_date

    from numbered

    group by customer_id

),

waits as (

    select
        first_and_second.customer_id,
        {{ dbt.datediff(
            'first_and_second.first_date', 'first_and_second.second_date', 'day'
        ) }} as wait_days

    from first_and_second
    cross join clock

    where
        first_and_second.first_date
        <= {{ dbt.dateadd('day', -365, 'clock.last_order_date') }}

),

limits as (

    select listed.within_days
    from (values (0), (7), (30), (60), (90), (180), (365)) as listed (within_days)

)

select
    limits.within_days,

    count(*) as customer_count,
    count(*) filter (where waits.wait_days <= limits.within_days)
        as with_second_order_count,
    (count(*) filter (where waits.wait_days <= limits.within_days))::double
    / count(*) as with_second_order_share

from waits
cross join limits

group by limits.within_days

order by limits.within_days
