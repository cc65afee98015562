-- Grain: one row per customer with a purchase before the as-of date.

with

snapshots as (

    select
        customer_id,
        snapshot_date

    from {{ ref('int_customer_snapshots') }}

),

learned_from as (

    select customer_id from snapshots

    where snapshot_date = {{ learning_date() }}

),

numbered as (

    select
        snapshots.customer_id,
        -- Numbered as they are drawn for samples: even, and the same until the next
        -- learning date, whoever comes new.
        row_number() over (
            order by
                learned_from.customer_id is null,
                md5(snapshots.customer_id),
                snapshots.customer_id
        ) as customer_number

    from snapshots
    left join learned_from on snapshots.customer_id = learned_from.customer_id

    where snapshots.snapshot_date = {{ as_of_date() }}

)

select
    *,
    customer_number <= {{ var('prediction_sample_customers') }} as is_sampled

from numbered
