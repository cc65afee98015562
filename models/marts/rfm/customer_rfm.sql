-- Grain: one row per customer with a purchase before the as-of date.

select
    customer_id,

    rfm_score,
    rfm_segment,

    recency_days,
    order_count,
    net_amount,
    recency_score,
    frequency_score,
    monetary_score,
    frequency_monetary_score,

    snapshot_date as as_of_date

from {{ ref('customer_rfm_history') }}

where snapshot_date = {{ as_of_date() }}
