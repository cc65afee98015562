-- Grain: one row per order, guests' orders included.

with

returns as (

    select
        order_id,
        sum(returned_amount)::decimal(38, 4) as returned_amount

    from {{ ref('int_return_matches') }}

    group by order_id

),

orders as (

    select
        orders.*,
        coalesce(returns.returned_amount, 0)::decimal(38, 4) as returned_amount,
        -- Where nothing has a price, nothing tells that all came back.
        orders.gross_amount > 0
        and coalesce(returns.returned_amount, 0) >= orders.gross_amount
            as is_fully_returned

    from {{ ref('int_orders') }} as orders
    left join returns on orders.order_id = returns.order_id

),

-- A fully returned order is no purchase: it takes no number and opens no gap.
purchases as (

    select
        order_id,
        row_number() over (
            partition by customer_id
            order by ordered_at, order_id
        ) as order_number,
        lag(ordered_date) over (
            partition by customer_id
            order by ordered_at, order_id
        ) as previous_ordered_date

    from orders

    where
        customer_id is not null
        and not is_fully_returned

)

select
    orders.order_id,
    orders.customer_id,

    orders.country,

    purchases.order_number,
    orders.line_count,
    orders.product_count,
    orders.unit_count,
    {{ dbt.datediff(
        'purchases.previous_ordered_date', 'orders.ordered_date', 'day'
    ) }} as days_since_previous_order,
    orders.gross_amount,
    orders.returned_amount,
    (orders.gross_amount - orders.returned_amount)::decimal(38, 4) as net_amount,
    orders.cost_amount,
    -- What came back takes its cost back with it, in proportion.
    (
        (orders.gross_amount - orders.returned_amount)::double
        * (1 - orders.cost_amount::double / nullif(orders.gross_amount, 0)::double)
    )::decimal(38, 4) as margin_amount,

    coalesce(purchases.order_number = 1, false) as is_first_order,
    orders.is_fully_returned,

    orders.ordered_date,
    orders.ordered_at

from orders
left join purchases on orders.order_id = purchases.order_id
