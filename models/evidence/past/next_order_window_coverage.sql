-- Grain: one row per cut-off (null: all together) and group of customers by orders so
-- far: how many of the next orders came within their window.

with

windows as (

    select
        windows.*,
        case
            when windows.repeat_day_count = 0 then '1'
            when windows.repeat_day_count < 4 then '2 to 4'
            else '5 or more'
        end as order_group

    from {{ ref('int_next_order_windows') }} as windows
    cross join {{ ref('int_as_of_date') }} as clock

    where
        not windows.is_as_of_date
        and cast({{ dbt.dateadd(
            'day', var('lifetime_value_next_order_days'), 'windows.cutoff_date'
        ) }} as date) <= clock.as_of_date

),

next_orders as (

    select
        windows.cutoff_date,
        windows.customer_id,
        min({{ dbt.datediff('windows.cutoff_date', 'orders.ordered_date', 'day') }})
            as days_to_order

    from windows
    inner join {{ ref('int_order_snapshots') }} as orders
        on
            windows.customer_id = orders.customer_id
            and windows.cutoff_date <= orders.ordered_date
    inner join {{ ref('int_as_of_date') }} as clock
        on orders.snapshot_date = clock.as_of_date

    where orders.is_purchase

    group by
        windows.cutoff_date,
        windows.customer_id

),

came_back as (

    select
        windows.*,
        next_orders.days_to_order

    from windows
    inner join next_orders
        on
            windows.cutoff_date = next_orders.cutoff_date
            and windows.customer_id = next_orders.customer_id

    where next_orders.days_to_order < {{ var('lifetime_value_next_order_days') }}

),

scopes as (

    select * from came_back

    union all

    select * replace (null::date as cutoff_date) from came_back

),

groups as (

    select * from scopes

    union all

    select * replace ('all' as order_group) from scopes

)

select
    cutoff_date,
    order_group,
    count(*) as n,
    round(avg((days_to_order between start_days and end_days)::int), 9) as coverage,
    round(avg((days_to_order < start_days)::int), 9) as earlier_share,
    round(avg((days_to_order > end_days)::int), 9) as later_share,
    round(avg(abs(days_to_order - middle_days)), 9) as mean_error_days,
    round(avg(end_days - start_days), 9) as mean_width_days

from groups

group by
    cutoff_date,
    order_group
