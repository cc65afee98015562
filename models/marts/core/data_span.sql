-- Grain: one row.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

attributes as (

    select
        count(valid_from) > 0 as has_dates,
        count(*) > 0 as is_known

    from {{ ref('stg_customer_attributes') }}

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
    '{{ var("currency") | replace("'", "''") }}' as currency,
    case
        when
            {{ dbt.datediff('clock.learning_date', 'clock.as_of_date', 'day') }}
            > {{ var('learning_max_days') }}
            then
                'Learned as of ' || clock.learning_date::string || ', more than '
                || '{{ var("learning_max_days") }} days before the as-of date: '
                || 'make build learns anew.'
    end as learning_note,
    -- A period has ended since; of less than a month nothing is learned of its own.
    coalesce(
        cast({{ dbt.date_trunc(var('learning_period'), 'clock.as_of_date') }} as date)
        > greatest(clock.learning_date, clock.first_order_date + 29),
        false
    ) as is_learning_due,
    case when attributes.is_known then attributes.has_dates end as has_dated_attributes

from clock
cross join ordered
cross join attributes
