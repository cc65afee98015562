-- Grain: one row per date, customer known by then and product of the first order the
-- customer made within the horizon; of some customers at most, drawn alike ever after.

with

cutoffs as (

    select * from {{ ref('int_recommendation_cutoffs') }}

    where cutoff_number > 0

),

events as (

    select * from {{ ref('int_recommendation_events') }}

),

-- In days before the learning date, the window goes from days_ago down to the horizon
-- later.
next_orders as (

    select
        cutoffs.cutoff_number,
        cutoffs.days_ago,
        events.customer_number,
        min(
            case when events.days_ago <= cutoffs.days_ago then events.order_number end
        ) as order_number

    from events
    cross join cutoffs

    where events.days_ago > cutoffs.days_ago - {{ var('recommendation_horizon_days') }}

    group by
        cutoffs.cutoff_number,
        cutoffs.days_ago,
        events.customer_number

    having
        max(events.days_ago) > cutoffs.days_ago
        and min(events.days_ago) <= cutoffs.days_ago

    qualify
        row_number() over (
            partition by cutoffs.cutoff_number
            order by
                md5(events.customer_number::string),
                events.customer_number
        ) <= {{ var('recommendation_evaluation_size') }}

),

first_purchases as (

    select
        customer_number,
        product_number,
        max(days_ago) as first_days_ago

    from events

    group by
        customer_number,
        product_number

)

select
    next_orders.cutoff_number,
    next_orders.customer_number,
    events.product_number,
    first_purchases.first_days_ago > next_orders.days_ago as is_repeat

from next_orders
inner join events
    on
        next_orders.customer_number = events.customer_number
        and next_orders.order_number = events.order_number
inner join first_purchases
    on
        events.customer_number = first_purchases.customer_number
        and events.product_number = first_purchases.product_number
