-- Grain: one row per dated event of a customer.

with

customer_events as (

    select * from {{ input_table('customer_events') }}

)

select
    customer_id,
    event_type,
    text as event_text,
    value as event_value,
    tone,
    event_at

from customer_events
