-- Grain: one row per line of the order log, with the order it belongs to, its country
-- and what it amounts to.

{{ config(materialized='view') }}

with

transactions as (

    select * from {{ ref('stg_transactions') }}

),

-- Shops that number invoices per branch give one number to several customers.
shared_invoices as (

    select invoice_id

    from transactions

    where invoice_id is not null

    group by invoice_id

    having
        min(customer_id) <> max(customer_id)
        or (count(customer_id) > 0 and count(customer_id) < count(*))

),

product_codes as (

    select distinct product_id

    from transactions

),

non_products as (

    select
        product_codes.product_id,
        min(non_product_codes.category) as non_product_category

    from product_codes
    inner join {{ ref('non_product_codes') }} as non_product_codes
        on {{ matches_pattern(
            'product_codes.product_id', 'non_product_codes.code_pattern'
        ) }}

    group by product_codes.product_id

)

select
    {% for column in raw_columns() %}
    transactions.{{ column }},
    {% endfor %}

    -- Without invoice numbers, what a customer buys on one day is one order.
    case
        when transactions.invoice_id is null
            then
                coalesce(transactions.customer_id, 'guest')
                || '/' || coalesce(transactions.ordered_at::date::string, '')
        when shared_invoices.invoice_id is not null
            then
                transactions.invoice_id
                || '/' || coalesce(transactions.customer_id, 'guest')
        else transactions.invoice_id
    end as order_id,
    transactions.customer_id,
    transactions.product_id,
    transactions.description,
    case
        when countries.country_as_written is not null then countries.country
        else transactions.country_as_written
    end as country,
    transactions.category,
    non_products.non_product_category,

    -- A log of amounts: one unit at that amount, unless it gives the units too.
    case
        when transactions.amount is null then transactions.quantity
        when coalesce(transactions.quantity, 0) = 0 then sign(transactions.amount)
        else abs(transactions.quantity) * sign(transactions.amount)
    end::decimal(18, 4) as quantity,
    case
        when transactions.amount is null then transactions.unit_price
        when coalesce(transactions.quantity, 0) = 0 then abs(transactions.amount)
        else abs(transactions.amount / transactions.quantity)
    end::decimal(18, 4) as unit_price,
    coalesce(
        transactions.amount,
        {{ line_amount('transactions.quantity', 'transactions.unit_price') }}
    ) as line_amount,

    transactions.amount is not null as is_amount_only,
    coalesce(
        transactions.invoice_id like '{{ var("cancellation_prefix") }}%', false
    ) as is_cancellation,

    transactions.ordered_at

from transactions
left join shared_invoices on transactions.invoice_id = shared_invoices.invoice_id
left join non_products on transactions.product_id = non_products.product_id
left join {{ ref('countries') }} as countries
    on transactions.country_as_written = countries.country_as_written
