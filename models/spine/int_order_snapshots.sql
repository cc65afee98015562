-- Grain: one row per order of a known customer and snapshot date after it, as the
-- order was known by then: returns made later have not happened yet.

with

orders as (

    select * from {{ ref('int_orders') }}

    where customer_id is not null

),

snapshot_dates as (

    select snapshot_date from {{ ref('int_history_dates') }}

),

known_returns as (

    select
        matches.order_id,
        snapshot_dates.snapshot_date,
        sum(matches.returned_amount)::decimal(38, 4) as returned_amount

    from {{ ref('int_return_matches') }} as matches
    inner join snapshot_dates
        on matches.returned_at::date < snapshot_dates.snapshot_date

    group by
        matches.order_id,
        snapshot_dates.snapshot_date

),

known_orders as (

    select
        orders.order_id,
        orders.customer_id,
        snapshot_dates.snapshot_date,
        orders.country,
        orders.line_count,
        orders.product_count,
        orders.new_product_count,
        orders.usual_price_line_count,
        orders.discounted_line_count,
        orders.unit_count,
        orders.gross_amount,
        coalesce(known_returns.returned_amount, 0)::decimal(38, 4) as returned_amount,
        orders.ordered_date,
        orders.ordered_at,
        {{ dbt.datediff('orders.ordered_date', 'snapshot_dates.snapshot_date', 'day') }}
            as days_ago

    from orders
    inner join snapshot_dates
        on orders.ordered_date < snapshot_dates.snapshot_date
    left join known_returns
        on
            orders.order_id = known_returns.order_id
            and snapshot_dates.snapshot_date = known_returns.snapshot_date

)

select
    *,
    (gross_amount - returned_amount)::decimal(38, 4) as net_amount,
    -- Where nothing has a price, nothing tells that all came back.
    returned_amount < gross_amount or gross_amount = 0 as is_purchase

from known_orders
