-- Grain: one row per customer, with orders or without, where outcomes are given.

with

customers as (

    select customer_id from {{ ref('stg_customer_attributes') }}

    union

    select customer_id from {{ ref('stg_customer_labels') }}

    union

    select customer_id

    from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

)

select
    customer_id,
    row_number() over (order by customer_id) as label_row,
    -- Those that models learn from are the first by the hash of their id.
    row_number() over (order by {{ hash_share('customer_id') }}, customer_id)
        as draw_number

from customers

where {{ (label_names() | length > 0) | string | lower }}
