-- Grain: one row per customer and snapshot date, from the first purchase on; at earlier
-- dates of the customers who are drawn for samples.

with

customers as (

    select
        customer_id,
        min(ordered_date) as first_ordered_date,
        -- What Python models know a customer by: numbers travel faster than text.
        row_number() over (order by customer_id) as customer_number,
        row_number() over (order by md5(customer_id), customer_id) as hash_number

    from {{ ref('int_orders') }}

    where customer_id is not null

    group by customer_id

),

-- Who is not among the first of those who came in the same month is not among the first
-- of all.
newcomers as (

    select
        *,
        row_number() over (
            partition by
                {{ dbt.date_trunc('month', 'first_ordered_date') }},
                first_ordered_date < {{ learning_date() }}
            order by hash_number
        ) as place

    from customers

),

-- Drawn from those who had ordered by then, by the hash of their id: even, and the same
-- whoever comes later.
drawn as (

    select
        dates.snapshot_date,
        newcomers.customer_id,
        newcomers.customer_number,
        row_number() over (
            partition by dates.snapshot_date
            order by newcomers.hash_number
        ) as draw_number

    from newcomers
    inner join {{ ref('int_history_dates') }} as dates
        on newcomers.first_ordered_date < dates.snapshot_date

    where
        dates.is_as_of_date
        or newcomers.place <= {{ var('lifetime_value_history_customers') }}

    qualify
        dates.is_as_of_date
        or draw_number <= {{ var('lifetime_value_history_customers') }}

),

-- Orders of the same day count once, as models of repeat orders take them.
purchase_days as (

    select
        drawn.customer_id,
        drawn.customer_number,
        drawn.draw_number,
        drawn.snapshot_date,
        orders.days_ago,
        sum(orders.net_amount)::decimal(38, 4) as net_amount

    from {{ ref('int_order_snapshots') }} as orders
    inner join drawn
        on
            orders.customer_id = drawn.customer_id
            and orders.snapshot_date = drawn.snapshot_date

    where orders.is_purchase

    group by
        drawn.customer_id,
        drawn.customer_number,
        drawn.draw_number,
        drawn.snapshot_date,
        orders.days_ago

)

select
    customer_id,
    customer_number,
    draw_number,
    snapshot_date,
    count(*) as purchase_day_count,
    count(*) - 1 as repeat_day_count,
    max(days_ago) - min(days_ago) as first_to_last_days,
    -- The last day that is known is the day before the snapshot date.
    max(days_ago) - 1 as age_days,
    sum(net_amount)::decimal(38, 4) as net_amount

from purchase_days

group by
    customer_id,
    customer_number,
    draw_number,
    snapshot_date
