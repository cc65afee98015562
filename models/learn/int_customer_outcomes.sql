-- Grain: one row per customer, snapshot date and horizon: what the customer did from
-- the snapshot date on, before the horizon ended; observed where that was over at the
-- learning date.

with

observed_windows as (

    select * from {{ ref('int_outcome_windows') }}

    where is_observed

),

orders as (

    select
        order_id,
        customer_id,
        gross_amount,
        ordered_date

    from {{ ref('int_orders') }}

    where customer_id is not null

),

-- A return counts in a window only where it was made before the window ended.
known_returns as (

    select
        matches.order_id,
        windows.snapshot_date,
        windows.horizon_days,
        sum(matches.returned_amount)::decimal(38, 4) as returned_amount

    from {{ ref('int_return_matches') }} as matches
    inner join orders on matches.order_id = orders.order_id
    inner join observed_windows as windows
        on
            orders.ordered_date >= windows.snapshot_date
            and matches.returned_at::date < windows.end_date

    group by
        matches.order_id,
        windows.snapshot_date,
        windows.horizon_days

),

window_orders as (

    select
        orders.customer_id,
        windows.snapshot_date,
        windows.horizon_days,
        orders.gross_amount,
        (
            orders.gross_amount - coalesce(known_returns.returned_amount, 0)
        )::decimal(38, 4) as net_amount

    from orders
    inner join observed_windows as windows
        on
            orders.ordered_date >= windows.snapshot_date
            and orders.ordered_date < windows.end_date
    left join known_returns
        on
            orders.order_id = known_returns.order_id
            and windows.snapshot_date = known_returns.snapshot_date
            and windows.horizon_days = known_returns.horizon_days

),

outcomes as (

    select
        customer_id,
        snapshot_date,
        horizon_days,
        count(*) as order_count,
        sum(net_amount)::decimal(38, 4) as net_amount

    from window_orders

    where
        net_amount > 0
        -- Where nothing has a price, nothing tells that all came back.
        or gross_amount = 0

    group by
        customer_id,
        snapshot_date,
        horizon_days

)

select
    snapshots.customer_id,
    snapshots.snapshot_date,
    windows.horizon_days,
    case
        when windows.is_observed then coalesce(outcomes.order_count, 0)
    end as order_count,
    case
        when windows.is_observed then coalesce(outcomes.net_amount, 0)
    end::decimal(38, 4) as net_amount,
    windows.is_observed

from {{ ref('int_customer_snapshots') }} as snapshots
inner join {{ ref('int_outcome_windows') }} as windows
    on snapshots.snapshot_date = windows.snapshot_date
left join outcomes
    on
        snapshots.customer_id = outcomes.customer_id
        and windows.snapshot_date = outcomes.snapshot_date
        and windows.horizon_days = outcomes.horizon_days
