-- Grain: one row per line of the order log, kept or not.

with

transactions as (

    select * from {{ input_table('transactions') }}

)

select
    invoice as raw_invoice,
    stock_code as raw_stock_code,
    description as raw_description,
    quantity as raw_quantity,
    invoice_date as raw_invoice_date,
    unit_price as raw_unit_price,
    amount as raw_amount,
    discount as raw_discount,
    unit_cost as raw_unit_cost,
    customer_id as raw_customer_id,
    country as raw_country,
    category as raw_category,
    store as raw_store,

    read_invoice as invoice_id,
    read_customer_id as customer_id,
    read_stock_code as product_id,
    {{ clean_text('description') }} as description,
    {{ clean_text('country') }} as country_as_written,
    {{ clean_text('category') }} as category,
    {{ clean_text('store') }} as store,

    read_quantity as quantity,
    read_unit_price as unit_price,
    read_amount as amount,
    read_discount as discount,
    read_unit_cost as unit_cost,

    read_invoice_date as ordered_at

from transactions
