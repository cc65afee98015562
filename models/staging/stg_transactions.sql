-- Grain: one row per line of the order log, kept or not.

with

transactions as (

    select * from {{ source('raw', 'transactions') }}

),

converted as (

    select
        invoice as raw_invoice,
        stock_code as raw_stock_code,
        description as raw_description,
        quantity as raw_quantity,
        invoice_date as raw_invoice_date,
        unit_price as raw_unit_price,
        amount as raw_amount,
        customer_id as raw_customer_id,
        country as raw_country,
        category as raw_category,

        upper({{ clean_id('invoice') }}) as invoice_id,
        {{ clean_id('customer_id') }} as customer_id,
        upper({{ clean_id('stock_code') }}) as product_id,
        {{ clean_text('description') }} as description,
        {{ clean_text('country') }} as country_as_written,
        {{ clean_text('category') }} as category,

        {{ read_number('quantity') }} as quantity,
        {{ read_number('unit_price') }} as unit_price,
        {{ read_number('amount') }} as amount,

        {{ read_timestamp('invoice_date', 'date_order') }} as ordered_at

    from transactions

)

select * from converted
