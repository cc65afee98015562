-- Grain: one row per customer with a purchase or an attribute.

with

customers as (

    select
        customer_id,
        bool_or(snapshot_date = {{ learning_date() }}) as is_learned_from

    from {{ ref('int_order_snapshots') }}

    where
        is_purchase
        and snapshot_date in ({{ as_of_date() }}, {{ learning_date() }})

    group by customer_id

    union all

    select
        customer_id,
        true as is_learned_from

    from {{ ref('int_attribute_features') }}

)

select
    customer_id,
    -- What Python models know a customer by: numbers travel faster than text.
    row_number() over (order by customer_id) as customer_number,
    -- The order in which customers are drawn for samples: even, and the same until the
    -- next learning date, whoever comes new.
    row_number() over (
        order by
            not bool_or(is_learned_from),
            md5(customer_id),
            customer_id
    ) as draw_number

from customers

group by customer_id
