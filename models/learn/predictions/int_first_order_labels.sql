-- Grain: one row per target about first orders and customer with an order: what came
-- after it, where the outcome window is over.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

targets as (

    select * from {{ ref('prediction_targets') }}

    where population = 'first_order'

),

windows as (

    select
        targets.target,
        targets.kind,
        targets.horizon_days,
        first_orders.customer_id,
        first_orders.customer_number,
        first_orders.ordered_date,
        first_orders.ordered_at,
        first_orders.order_id,
        cast({{ dbt.dateadd(
            'day', 'targets.horizon_days', 'first_orders.ordered_date'
        ) }} as date) as window_end_date

    from {{ ref('int_first_orders') }} as first_orders
    cross join targets
    cross join clock
    -- Who was there before the data begin has no first order in them.
    where {{ dbt.datediff(
        'clock.first_order_date', 'first_orders.ordered_date', 'day'
    ) }} >= {{ var('prediction_first_order_skip_days') }}

),

later_orders as (

    select
        windows.target,
        windows.customer_id,
        windows.window_end_date,
        orders.order_id,
        orders.gross_amount

    from windows
    inner join {{ ref('int_orders') }} as orders
        on
            windows.customer_id = orders.customer_id
            and windows.order_id <> orders.order_id
            and windows.window_end_date > orders.ordered_date

),

returned as (

    select
        later_orders.target,
        later_orders.order_id,
        sum(matches.returned_amount)::decimal(38, 4) as returned_amount

    from later_orders
    inner join {{ ref('int_return_matches') }} as matches
        on
            later_orders.order_id = matches.order_id
            and later_orders.window_end_date > matches.returned_at::date

    group by
        later_orders.target,
        later_orders.order_id

),

spent as (

    select
        later_orders.target,
        later_orders.customer_id,
        sum(later_orders.gross_amount - coalesce(returned.returned_amount, 0))
            as net_amount

    from later_orders
    left join returned
        on
            later_orders.target = returned.target
            and later_orders.order_id = returned.order_id

    where later_orders.gross_amount > coalesce(returned.returned_amount, 0)

    group by
        later_orders.target,
        later_orders.customer_id

),

-- Segments are known at month starts: the first one after the window.
segment_dates as (

    select
        windows.target,
        windows.customer_id,
        min(snapshot_dates.snapshot_date) as snapshot_date

    from windows
    inner join {{ ref('int_snapshot_dates') }} as snapshot_dates
        on windows.window_end_date <= snapshot_dates.snapshot_date

    where windows.kind = 'multiclass'

    group by
        windows.target,
        windows.customer_id

),

ended as (

    select
        windows.*,
        case
            when windows.kind = 'multiclass' then segment_dates.snapshot_date
            else windows.window_end_date
        end as outcome_end_date

    from windows
    left join segment_dates
        on
            windows.target = segment_dates.target
            and windows.customer_id = segment_dates.customer_id

)

select
    ended.target,
    ended.kind,
    ended.customer_id,
    ended.customer_number,
    ended.ordered_date,
    ended.outcome_end_date,
    case when ended.kind <> 'multiclass' then coalesce(spent.net_amount, 0)::double end
        as actual_amount,
    history.rfm_segment as actual_segment

from ended
cross join clock
left join spent
    on
        ended.target = spent.target
        and ended.customer_id = spent.customer_id
left join {{ ref('customer_rfm_history') }} as history
    on
        ended.kind = 'multiclass'
        and ended.customer_id = history.customer_id
        and ended.outcome_end_date = history.snapshot_date

where
    ended.outcome_end_date <= clock.learning_date
    -- All of the first order came back and nothing else was bought: no customer.
    and (ended.kind <> 'multiclass' or history.rfm_segment is not null)
