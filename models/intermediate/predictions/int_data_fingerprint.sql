-- Grain: one row: a hash of all order lines that any model has learnt from.

select
    {{ hash_of_rows([
        'order_id', 'customer_id', 'product_id', 'quantity', 'line_amount', 'ordered_at'
    ]) }} as data_fingerprint

from {{ ref('int_transaction_lines') }}

where
    line_type in ('sale', 'return')
    and ordered_at < {{ learning_date() }}
