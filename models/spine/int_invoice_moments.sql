-- Grain: one row per invoice number, store and moment, of the invoice numbers that do
-- not tell an order by themselves: those that a till or another store gave out again,
-- that stand for several customers, or whose customer, date or country some lines lack.

with

moments as (

    select
        invoice_id,
        store,
        ordered_at,
        min(customer_id) as first_customer_id,
        max(customer_id) as last_customer_id,
        min(country_as_written) as first_country,
        max(country_as_written) as last_country,
        count(customer_id) < count(*) as lacks_customer,
        count(country_as_written) < count(*) as lacks_country

    from {{ ref('stg_transactions') }}

    where invoice_id is not null

    group by
        invoice_id,
        store,
        ordered_at

),

unclear_invoices as (

    select invoice_id

    from moments

    group by invoice_id

    having
        min(ordered_at) + interval {{ var('order_max_gap_hours') }} hour
        < max(ordered_at)
        or count(ordered_at) < count(*)
        or min(coalesce(store, '')) <> max(coalesce(store, ''))
        or min(first_customer_id) <> max(last_customer_id)
        or min(first_customer_id) is not null and max(lacks_customer)
        or min(first_country) is not null and max(lacks_country)

),

starts as (

    select
        *,
        case
            when
                ordered_at <= lag(ordered_at) over (
                    partition by invoice_id, store order by ordered_at nulls last
                ) + interval {{ var('order_max_gap_hours') }} hour
                then null
            else ordered_at
        end as new_start

    from moments

    where invoice_id in (select unclear_invoices.invoice_id from unclear_invoices)

),

runs as (

    select
        *,
        max(new_start) over (
            partition by invoice_id, store order by ordered_at nulls last
        ) as started_at

    from starts

),

orders as (

    select
        *,
        dense_rank() over (
            partition by invoice_id order by started_at nulls last, store nulls first
        ) as order_number,
        dense_rank() over (
            partition by invoice_id, store, started_at::date order by started_at
        ) as day_number,
        count(new_start) over (partition by invoice_id, store) as run_count,
        min(first_customer_id) over run as customer_id,
        max(last_customer_id) over run as other_customer_id,
        min(first_country) over run as country,
        max(last_country) over run as other_country

    from runs

    window run as (partition by invoice_id, store, started_at)

)

select
    invoice_id,
    store,
    ordered_at,
    -- The first keeps the bare number, so that it stays when the number comes again.
    case
        when order_number = 1 then invoice_id
        else
            concat_ws('/', invoice_id, store, started_at::date::string)
            || case when day_number > 1 then '.' || day_number else '' end
    end as order_key,
    coalesce(customer_id <> other_customer_id, false) as has_several_customers,
    case when customer_id = other_customer_id then customer_id end as customer_id,
    case when country = other_country then country end as country_as_written,
    -- A line without a date is of the order; of which, where there are two, none knows.
    case when run_count = 1 then started_at end as started_at

from orders
