-- Grain: one row per customer with a purchase before the as-of date.

with

numbered as (

    select
        customer_id,
        -- Numbered as they are drawn for samples: even, and always the same.
        row_number() over (order by md5(customer_id), customer_id) as customer_number

    from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

)

select
    *,
    customer_number <= {{ var('prediction_sample_customers') }} as is_sampled

from numbered
