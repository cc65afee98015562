-- Grain: one row per snapshot date: when what serves at it was learned.

select
    snapshot_date,
    least(snapshot_date, {{ learning_date() }}) as learned_date

from {{ ref('int_snapshot_dates') }}
