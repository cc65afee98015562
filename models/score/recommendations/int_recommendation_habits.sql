-- Grain: one row per known customer and product ordered: how often, and since when.

with

events as (

    select
        events.*,
        {{ dbt.datediff('clock.learning_date', 'clock.as_of_date', 'day') }}
        + events.days_ago as days_before_as_of_date

    from {{ ref('int_recommendation_events') }} as events
    cross join {{ ref('int_as_of_date') }} as clock

)

select
    customer_number,
    product_number,
    count(*) as order_count,
    min(days_before_as_of_date) as last_days_ago,
    (max(days_ago) - min(days_ago)) * 1.0 / nullif(count(*) - 1, 0) as mean_gap_days

from events

group by
    customer_number,
    product_number
