-- Grain: one row per invoice number, store and moment, of the invoice numbers that do
-- not tell an order by themselves: those that a till or another store gave out again,
-- that stand for several customers, or whose customer, date or country is on some of
-- their lines only.

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
        count(*) as line_count,
        count(customer_id) as customer_line_count,
        count(country_as_written) as country_line_count

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
        or min(store) <> max(store)
        or count(store) between 1 and count(*) - 1
        or min(first_customer_id) <> max(last_customer_id)
        or sum(customer_line_count) between 1 and sum(line_count) - 1
        or sum(country_line_count) between 1 and sum(line_count) - 1

),

gaps as (

    select
        moments.*,
        coalesce(
            moments.ordered_at > lag(moments.ordered_at) over till
            + interval {{ var('order_max_gap_hours') }} hour,
            false
        ) as is_new

    from moments
    inner join unclear_invoices on moments.invoice_id = unclear_invoices.invoice_id

    window till as (
        partition by moments.invoice_id, moments.store
        order by moments.ordered_at nulls last
    )

),

runs as (

    select
        *,
        sum(is_new::int) over (
            partition by invoice_id, store
            order by ordered_at nulls last
            rows unbounded preceding
        ) as run_number

    from gaps

),

orders as (

    select
        invoice_id,
        store,
        run_number,
        min(ordered_at) as started_at,
        min(first_customer_id) as customer_id,
        min(first_customer_id) <> max(last_customer_id) as has_several_customers,
        case
            when min(first_country) = max(last_country) then min(first_country)
        end as country_as_written

    from runs

    group by
        invoice_id,
        store,
        run_number

),

-- The first keeps the bare number, so that it stays when the number comes again.
numbered as (

    select
        *,
        row_number() over (
            partition by invoice_id
            order by started_at nulls last, store nulls first
        ) as order_number,
        row_number() over (
            partition by invoice_id, store, started_at::date
            order by run_number
        ) as day_number

    from orders

)

select
    runs.invoice_id,
    runs.store,
    runs.ordered_at,
    numbered.invoice_id
    || case
        when numbered.order_number > 1
            then
                coalesce('/' || numbered.store, '')
                || coalesce('/' || numbered.started_at::date::string, '')
                || case
                    when numbered.day_number > 1
                        then '.' || numbered.day_number::string
                    else ''
                end
        else ''
    end as order_key,
    coalesce(numbered.has_several_customers, false) as has_several_customers,
    case
        when not coalesce(numbered.has_several_customers, false)
            then numbered.customer_id
    end as customer_id,
    numbered.country_as_written,
    -- A line without a date is of the order; of which, where there are two, none knows.
    case
        when max(runs.run_number) over till = min(runs.run_number) over till
            then numbered.started_at
    end as started_at

from runs
inner join numbered
    on
        runs.invoice_id = numbered.invoice_id
        and runs.store is not distinct from numbered.store
        and runs.run_number = numbered.run_number

window till as (partition by runs.invoice_id, runs.store)
