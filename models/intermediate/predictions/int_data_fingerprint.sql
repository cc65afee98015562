-- Grain: one row: a hash of all order lines that any model has learnt from.

select
    md5(
        count(*)::string || '|'
        || coalesce(sum(quantity), 0)::string || '|'
        || coalesce(sum(line_amount), 0)::string || '|'
        || coalesce(min(ordered_at)::string, '') || '|'
        || coalesce(max(ordered_at)::string, '')
    ) as data_fingerprint

from {{ ref('int_transaction_lines') }}

where
    line_type in ('sale', 'return')
    and ordered_at < {{ learning_date() }}
