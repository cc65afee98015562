-- Grain: one row per customer and snapshot date, from the first purchase on.

with

histories as (

    select
        customer_number,
        draw_number,
        snapshot_date,
        count(*) as purchase_day_count,
        count(*) - 1 as repeat_day_count,
        max(days_ago) - min(days_ago) as first_to_last_days,
        -- The last day that is known is the day before the snapshot date.
        max(days_ago) - 1 as age_days,
        sum(net_amount)::decimal(38, 4) as net_amount

    from {{ ref('int_purchase_days') }}

    group by
        customer_number,
        draw_number,
        snapshot_date

)

select
    customers.customer_id,
    histories.*

from histories
inner join {{ ref('int_lifetime_value_customers') }} as customers
    on histories.customer_number = customers.customer_number
