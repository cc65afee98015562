-- A window that reaches past the data says nothing: never a zero.

select
    customer_id,
    snapshot_date,
    horizon_days

from {{ ref('int_customer_outcomes') }}

where
    is_observed <> (order_count is not null)
    or is_observed <> (net_amount is not null)
    or is_observed
    <> (
        {{ dbt.dateadd('day', 'horizon_days', 'snapshot_date') }}
        <= {{ learning_date() }}
    )
