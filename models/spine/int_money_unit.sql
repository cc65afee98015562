-- Grain: one row.

with

first_orders as (

    select orders.gross_amount::double as gross_amount

    from {{ ref('int_orders') }} as orders
    cross join {{ ref('int_as_of_date') }} as clock

    where
        orders.gross_amount > 0
        -- The first days alone: known at every snapshot, and the same at every build.
        and orders.ordered_date < clock.first_order_date + 30

)

select coalesce(median(gross_amount) / 100, 1.0) as unit

from first_orders
