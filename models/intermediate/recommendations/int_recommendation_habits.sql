-- Grain: one row per known customer and product ordered: how often, and since when.

select
    customer_number,
    product_number,
    count(*) as order_count,
    min(days_ago) as last_days_ago,
    (max(days_ago) - min(days_ago)) * 1.0 / nullif(count(*) - 1, 0) as mean_gap_days

from {{ ref('int_recommendation_events') }}

group by
    customer_number,
    product_number
