-- Grain: one row.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

ordered as (

    select
        count(*) as order_count,
        count(distinct orders.customer_id) as customer_count

    from {{ ref('orders') }} as orders

)

select
    clock.as_of_date,
    clock.first_order_date,
    clock.last_order_date,
    clock.learning_date,
    ordered.order_count,
    ordered.customer_count,
    '{{ var("currency") | replace("'", "''") }}' as currency

from clock
cross join ordered
