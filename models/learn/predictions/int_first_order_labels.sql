-- Grain: one row per target about first orders and customer with an order: what came
-- after it, where the outcome window is over.

with

windows as (

    select
        targets.target,
        targets.kind,
        first_orders.customer_id,
        first_orders.customer_number,
        first_orders.draw_share,
        first_orders.ordered_date,
        first_orders.order_id,
        cast({{ dbt.dateadd(
            'day', 'targets.horizon_days', 'first_orders.ordered_date'
        ) }} as date) as end_date

    from {{ ref('int_first_orders') }} as first_orders
    cross join {{ ref('prediction_targets') }} as targets
    cross join {{ ref('int_as_of_date') }} as clock

    where
        targets.population = 'first_order'
        -- Who was there before the data begin has no first order in them.
        and {{ dbt.datediff(
            'clock.first_order_date', 'first_orders.ordered_date', 'day'
        ) }} >= {{ var('prediction_first_order_skip_days') }}

),

ended as (

    select
        *,
        case
            when kind <> 'multiclass' then end_date
            -- Segments are known at month starts: the first one after the window.
            else cast({{ dbt.dateadd(
                'month', 1, dbt.date_trunc('month', dbt.dateadd('day', -1, 'end_date'))
            ) }} as date)
        end as outcome_end_date

    from windows

),

later_orders as (

    select
        ended.target,
        ended.customer_id,
        orders.gross_amount - coalesce(sum(matches.returned_amount), 0) as net_amount

    from ended
    inner join {{ ref('int_orders') }} as orders
        on
            ended.customer_id = orders.customer_id
            and ended.order_id <> orders.order_id
            and ended.end_date > orders.ordered_date
    left join {{ ref('int_return_matches') }} as matches
        on
            orders.order_id = matches.order_id
            and ended.end_date > matches.returned_at::date

    group by
        ended.target,
        ended.customer_id,
        orders.order_id,
        orders.gross_amount

),

spent as (

    select
        target,
        customer_id,
        sum(net_amount) as net_amount

    from later_orders

    where net_amount > 0

    group by
        target,
        customer_id

)

select
    ended.target,
    ended.kind,
    ended.customer_id,
    ended.customer_number,
    ended.draw_share,
    ended.ordered_date,
    ended.outcome_end_date,
    case when ended.kind <> 'multiclass' then coalesce(spent.net_amount, 0)::double end
        as actual_amount,
    history.rfm_segment as actual_segment

from ended
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
    ended.outcome_end_date <= {{ learning_date() }}
    -- All of the first order came back and nothing else was bought: no customer.
    and (ended.kind <> 'multiclass' or history.rfm_segment is not null)
