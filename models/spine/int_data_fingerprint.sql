-- Grain: one row: a hash of all order lines that anything is learned from.

with

fingerprints as (

    select
        {{ hash_of_rows([
            'order_id', 'customer_id', 'product_id', 'quantity', 'line_amount',
            'ordered_at'
        ]) }} as data_fingerprint

    from {{ ref('int_transaction_lines') }}

    where
        line_type in ('sale', 'return')
        and ordered_at < {{ learning_date() }}

)

{% if is_scoring() %}
-- Numbers of customers and products hold for the orders that were learned from.
select
    case
        when fingerprints.data_fingerprint = learned.data_fingerprint
            then fingerprints.data_fingerprint
        else {{ stop_with(
            "'the orders before ' || learned.learning_date::string || ', which the last "
            ~ "build learned from, are not those of this log: it is another shop''s, or "
            ~ "past orders were changed. Run make build, which learns anew what that "
            ~ "changes'"
        ) }}
    end as data_fingerprint

from fingerprints
cross join {{ learned() }} as learned
{% else %}
select data_fingerprint

from fingerprints
{% endif %}
