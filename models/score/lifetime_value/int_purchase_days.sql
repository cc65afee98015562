-- Grain: one row per customer, snapshot date and day with a purchase before it; at
-- earlier dates of the first customers by the hash of their id. Orders of the same day
-- count once, as models of repeat orders take them.

select
    customers.customer_number,
    customers.draw_number,
    orders.snapshot_date,
    orders.days_ago,
    orders.ordered_date,
    sum(orders.net_amount)::decimal(38, 4) as net_amount

from {{ ref('int_order_snapshots') }} as orders
inner join {{ ref('int_lifetime_value_customers') }} as customers
    on orders.customer_id = customers.customer_id
cross join {{ ref('int_as_of_date') }} as clock

where
    orders.is_purchase
    and (
        customers.draw_number <= {{ var('lifetime_value_history_customers') }}
        or orders.snapshot_date = clock.as_of_date
    )

group by
    customers.customer_number,
    customers.draw_number,
    orders.snapshot_date,
    orders.days_ago,
    orders.ordered_date
