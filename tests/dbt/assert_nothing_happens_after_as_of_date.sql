-- One clock: no line, and no snapshot, lies on or after the as-of date.

select ordered_at::date as late_date

from {{ ref('order_lines') }}

where ordered_at >= {{ as_of_date() }}

union all

select snapshot_date as late_date

from {{ ref('int_snapshot_dates') }}

where snapshot_date > {{ as_of_date() }}
