-- Grain: one row per line of the order log that is not in order_lines.

select
    order_line_id as excluded_line_id,

    exclusion_reason,
    exclusion_detail,
    raw_invoice as invoice,
    raw_stock_code as stock_code,
    raw_description as description,
    raw_quantity as quantity,
    raw_invoice_date as invoice_date,
    raw_unit_price as unit_price,
    raw_amount as amount,
    raw_discount as discount,
    raw_unit_cost as unit_cost,
    raw_customer_id as customer_id,
    raw_country as country,
    raw_category as category,
    raw_store as store,

    line_amount,

    ordered_at

from {{ ref('int_transaction_lines') }}

where line_type = 'excluded'
